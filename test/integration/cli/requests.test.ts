import assert from "node:assert/strict";
import { routes } from "../../../src/protocol/routes.ts";
import { findRoute } from "../../../src/server/http/router.ts";
import { runTally } from "../../support/cli.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { startRecordingProxy } from "../../support/recording-proxy.ts";
import { git, tempRepo } from "../../support/repositories.ts";

/** What changes nothing. */
const looks = /^GET |^POST \/v1\/(launches\/check|agents\/detect)$/;

/** A request as `POST /v1/sessions/:id/end`. */
function routeOf(request: string): string {
  const [method = "", path = ""] = request.split(/[ ?]/);
  return `${method} ${routes[findRoute(method, path).name].path}`;
}

describe("what a command asks of the gateway", () => {
  let gateway: TestGateway;
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  before(async () => {
    [gateway, repo] = await Promise.all([startTestGateway({ GIT_CONFIG_NOSYSTEM: "1" }), tempRepo("shop")]);
    await gateway.client.call("setSettings", { body: { worktreeAgent: "demo" } });
  });
  after(async () => {
    await gateway.dispose();
    await repo.dispose();
  });

  /** What a command asks, in its order, without ids and queries. */
  async function requestsOf(...args: string[]): Promise<string[]> {
    await using proxy = await startRecordingProxy(gateway.endpoint.url);
    const env = { ...gateway.env, TALLY_URL: proxy.url };
    const { exitCode, stderr } = await runTally(args, { env, cwd: repo.path });
    assert.equal(exitCode, 0, stderr);
    return proxy.requests.map(routeOf);
  }
  /** The same from its first change on: what it asked after that, it had been answered already. */
  async function changesOf(...args: string[]): Promise<string[]> {
    const requests = await requestsOf(...args);
    return requests.slice(requests.findIndex((each) => !looks.test(each)));
  }

  it("is one POST for a pause", async () => {
    assert.deepEqual(await changesOf("pause", "demo", "--for", "1h"), ["POST /v1/pauses"]);
    assert.deepEqual(await changesOf("unpause", "demo"), ["POST /v1/pauses/:id/end"]);
  });

  it("is one POST for a session, and what becomes of it in pipes", async () => {
    assert.deepEqual(await changesOf("true"), [
      "POST /v1/sessions",
      "POST /v1/sessions/:id/started",
      "POST /v1/sessions/:id/exited",
    ]);
  });

  it("is one request for what is done to a session", async () => {
    const { id } = await gateway.createSession({ args: ["sleep", "600"] });
    assert.deepEqual(await changesOf("rename", id, "Nightly"), ["PATCH /v1/sessions/:id"]);
    assert.deepEqual(await changesOf("end", id), ["POST /v1/sessions/:id/end"]);
  });

  it("is one POST for a worktree", async () => {
    assert.deepEqual(await changesOf("add", "pay", "--no-agent"), ["POST /v1/worktrees"]);
  });

  it("is one POST for a worktree that is adopted", async () => {
    await git(repo.path, "worktree", "add", "-q", "../adopted", "-b", "adopted");
    assert.deepEqual(await changesOf("adopt", "../adopted"), ["POST /v1/worktrees/adopt"]);
  });

  it("is one POST for a task that is queued", async () => {
    assert.deepEqual(await changesOf("queue", "add", "say hello"), ["POST /v1/tasks"]);
  });

  it("is one POST for a task that is run and followed to its end", async () => {
    assert.deepEqual(await changesOf("run", "say hello"), ["POST /v1/tasks"]);
  });
});
