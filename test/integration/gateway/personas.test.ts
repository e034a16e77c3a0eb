import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { GatewayClient } from "../../../src/client/http.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { tempRepo } from "../../support/repositories.ts";

describe("a persona of a repository", () => {
  let gateway: TestGateway;
  let client: GatewayClient;
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  before(async () => {
    gateway = await startTestGateway();
    client = gateway.client;
    repo = await tempRepo();
    const review = {
      name: "review",
      agent: "command",
      args: ["sh", "-c", 'echo "$WHO says $0"'],
      env: { WHO: "persona" },
    };
    await writeFile(join(repo.path, "tally.json"), JSON.stringify({ personas: [review] }));
  });
  after(async () => {
    await gateway.dispose();
    await repo.dispose();
  });

  const start = () =>
    client.call("createSession", {
      body: { persona: "review", args: ["hello"], cwd: repo.path, env: { ...gateway.env, WHO: "order" } },
    });
  const offered = async () => {
    const [persona] = (await client.call("personas", { query: { cwd: repo.path } })).personas;
    assert.ok(persona);
    return persona;
  };

  it("starts nothing before a person has approved it", async () => {
    await assert.rejects(start(), { code: "approval-needed", details: { persona: await offered() } });
    assert.equal(gateway.model().sessions.size, 0);
  });

  it("is approved by nobody inside a session", async () => {
    const { hash } = await offered();
    const body = JSON.stringify({ cwd: repo.path, name: "review", hash });
    const script = `fetch("${gateway.endpoint.url}/v1/personas/approve", { method: "POST", body: ${JSON.stringify(body)},
      headers: { "content-type": "application/json", authorization: "Bearer ${gateway.endpoint.token}" } })
      .then((response) => response.text()).then(console.log)`;
    const { id } = await gateway.createSession({ args: [process.execPath, "-e", script] });
    await gateway.untilState(id, "DONE", "ERROR");
    assert.match((await client.call("sessionOutput", { id, query: {} })).data, /inside-session/);
    assert.equal((await offered()).isApproved, false);
  });

  it("starts as it says once a person has approved it", async () => {
    const { hash } = await offered();
    await client.call("approvePersona", { body: { cwd: repo.path, name: "review", hash } });
    const { session } = await start();
    assert.equal(session.persona, "review");
    await gateway.untilState(session.id, "DONE");
    assert.match((await client.call("sessionOutput", { id: session.id, query: {} })).data, /persona says hello/);
  });
});
