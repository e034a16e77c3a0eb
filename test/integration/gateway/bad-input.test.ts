import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROBLEM_TYPE, problemSchema } from "../../../src/protocol/errors.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { until } from "../../support/until.ts";
import { type RawRequest, send, sendUpgrade } from "../../support/raw-http.ts";

describe("bad input", () => {
  let gateway: TestGateway;
  before(async () => (gateway = await startTestGateway()));
  after(() => gateway.dispose());

  const json = () => ({
    authorization: `Bearer ${gateway.endpoint.token}`,
    "content-type": "application/json",
  });
  const ask = (request: RawRequest) =>
    send(gateway.endpoint.url, { ...request, headers: { ...json(), ...request.headers } });
  const post = (path: string, body: unknown) => ask({ method: "POST", path, body: JSON.stringify(body) });
  const createSession = (fields: object) =>
    post("/v1/sessions", { agent: "command", args: ["true"], cwd: gateway.home.root, env: gateway.env, ...fields });

  /** Each failure: what is asked, and the status, code and a part of the message that it is answered with. */
  const table: [what: string, ask: () => ReturnType<typeof ask>, status: number, code: string, says: RegExp][] = [
    ["an unknown agent", () => createSession({ agent: "clade" }), 422, "agent-unknown", /claude.*demo/],
    ["a missing folder", () => createSession({ cwd: "/no/such/folder" }), 404, "folder-missing", /no\/such\/folder/],
    ["a file as folder", () => createSession({ cwd: process.execPath }), 422, "not-a-folder", /not a folder/],
    ["a system folder", () => createSession({ cwd: "/etc" }), 400, "system-folder", /Choose a project/],
    ["a relative folder", () => createSession({ cwd: "src" }), 400, "invalid-request", /cwd.*absolute/],
    ["the root folder", () => createSession({ cwd: "/" }), 400, "system-folder", /Choose a project/],
    [
      "a missing program",
      () => createSession({ args: ["no-such-program"] }),
      422,
      "program-missing",
      /no-such-program/,
    ],
    ["a command without a program", () => createSession({ args: [] }), 400, "invalid-request", /args\[0\]/],
    ["wrong types", () => createSession({ cwd: 5, args: "x" }), 400, "invalid-request", /args.*cwd/],
    ["an empty body", () => post("/v1/sessions", {}), 400, "invalid-request", /cwd.*env/],
    [
      "broken JSON",
      () => ask({ method: "POST", path: "/v1/sessions", body: '{"agent": ' }),
      400,
      "invalid-json",
      /not valid JSON/,
    ],
    [
      "a body that is no JSON by its type",
      () => ask({ method: "POST", path: "/v1/sessions", body: "a=b", headers: { "content-type": "text/plain" } }),
      415,
      "unsupported-media-type",
      /application\/json/,
    ],
    [
      "a body of 2 MB",
      () => post("/v1/sessions", { agent: "x".repeat(2 * 1024 * 1024) }),
      413,
      "body-too-large",
      /Send less/,
    ],
    [
      "an endless body",
      () =>
        ask({
          method: "POST",
          path: "/v1/sessions",
          body: "x".repeat(2_000_000),
          headers: { "transfer-encoding": "chunked" },
        }),
      413,
      "body-too-large",
      /Send less/,
    ],
    ["an unknown session", () => ask({ path: "/v1/sessions/nope" }), 404, "session-not-found", /tally list/],
    ["an unknown id to find", () => ask({ path: "/v1/sessions?ref=nope" }), 404, "session-not-found", /tally list/],
    ["an odd id", () => ask({ path: "/v1/sessions/%E0%A4%A" }), 404, "session-not-found", /tally list/],
    ["an unknown task", () => post("/v1/tasks/state", { taskId: "t", state: "DONE" }), 404, "task-not-found", /upsert/],
    [
      "an unknown state",
      () => post("/v1/tasks/state", { taskId: "t", state: "SLEEPING" }),
      400,
      "invalid-request",
      /SLEEPING.*RUNNING/,
    ],
    ["a path that is none", () => ask({ path: "//" }), 404, "route-not-found", /\/\//],
    ["an unknown route", () => ask({ path: "/v2/health" }), 404, "route-not-found", /\/v2\/health/],
    ["a wrong method", () => ask({ method: "DELETE", path: "/v1/health" }), 405, "method-not-allowed", /GET/],
  ];

  for (const [what, request, status, code, says] of table) {
    it(`${what} is answered with ${code}, and the gateway logs it and lives`, async () => {
      const answer = await request();
      assert.deepEqual([answer.status, answer.code], [status, code]);
      assert.equal(answer.headers["content-type"], PROBLEM_TYPE);
      assert.match(problemSchema.parse(answer.json).detail, says);
      const isLogged = async () => (await readFile(gateway.home.gatewayLog, "utf8")).includes(`code="${code}"`);
      await until(isLogged, `${code} to be in the log`);
      assert.equal((await ask({ path: "/v1/health" })).status, 200);
    });
  }

  it("a socket that is refused is told why in the same words", async () => {
    const answer = await sendUpgrade(gateway.endpoint.url, { path: "/v1/sessions/nope/terminal", headers: json() });
    assert.deepEqual([answer.status, answer.headers["content-type"]], [404, PROBLEM_TYPE]);
    assert.equal(problemSchema.parse(answer.json).code, "session-not-found");
  });

  it("a program that may not be executed has its own code", async () => {
    const file = join(gateway.home.root, "not executable");
    await writeFile(file, "#!/bin/sh\n", { mode: 0o644 });
    assert.equal((await createSession({ args: [file] })).code, "program-not-executable");
  });

  it("nothing of a broken body gets into the log: it may hold an environment", async () => {
    await ask({ method: "POST", path: "/v1/sessions", body: '{"env": {"KEY": sk-secret-9 }}' });
    await until(
      async () => /invalid-json/.test(await readFile(gateway.home.gatewayLog, "utf8")),
      "the refusal to be logged",
    );
    assert.doesNotMatch(await readFile(gateway.home.gatewayLog, "utf8"), /secret/);
  });

  it("leaves no session behind where nothing could be started", async () => {
    await createSession({ agent: "clade" });
    await createSession({ args: ["no-such-program"] });
    assert.equal(gateway.model().sessions.size, 0);
  });
});
