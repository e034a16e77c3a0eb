import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { problemSchema } from "../../../src/protocol/errors.ts";
import { runTally } from "../../support/cli.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";

describe("tally api", () => {
  let gateway: TestGateway;
  before(async () => (gateway = await startTestGateway()));
  after(() => gateway.dispose());

  const run = async (args: string[], stdin?: string) => {
    const { env } = gateway;
    const { exitCode, stdout, stderr } = await runTally(["api", ...args], {
      env,
      cwd: gateway.home.root,
      ...(stdin === undefined ? {} : { stdin }),
    });
    return { exitCode, stdout: stdout.toString("utf8"), stderr };
  };
  const foreignTask = (id: string) => JSON.stringify({ project: { repoPath: gateway.home.root }, task: { id } });

  it("prints an answer and nothing else", async () => {
    const { exitCode, stdout, stderr } = await run(["GET", "/v1/health"]);
    assert.deepEqual([exitCode, stderr], [0, ""]);
    assert.equal((JSON.parse(stdout) as { pid: number }).pid, gateway.pid);
  });

  it("sends a body, as given or from stdin", async () => {
    assert.equal((await run(["post", "/v1/tasks/upsert", "--data", foreignTask("given")])).exitCode, 0);
    assert.equal((await run(["POST", "/v1/tasks/upsert", "--data", "-"], foreignTask("piped"))).exitCode, 0);
    const kept = gateway.store((store) => ["given", "piped"].map((id) => store.task(id)?.kind));
    assert.deepEqual(kept, ["foreign", "foreign"]);
  });

  it("prints a failure on stderr, as the problem that it is, and exits with 1", async () => {
    const { exitCode, stdout, stderr } = await run(["GET", "/v1/sessions/nobody"]);
    assert.deepEqual([exitCode, stdout], [1, ""]);
    assert.equal(problemSchema.parse(JSON.parse(stderr)).code, "session-not-found");
  });

  it("shows an answer's head where it is asked to", async () => {
    const { stdout } = await run(["GET", "/v1/queue", "--include"]);
    assert.match(stdout, /^HTTP\/1\.1 200\n(.+\n)*content-type: application\/json.*\n(.+\n)*\n\{"tasks":\[\]\}\n$/);
  });

  it("passes on a stream of events", async () => {
    const task = { task: "say hello", agent: "demo", workingDirectory: gateway.home.root };
    const { exitCode, stdout } = await run(["POST", "/agent/execute/stream", "-d", JSON.stringify(task)]);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^event: session\n/);
    assert.match(stdout, /\nevent: result\ndata: .*"status":"completed".*\n\n$/);
  });

  it("writes the whole API for a person, to be read by nobody else", async () => {
    const { stdout } = await run(["docs"]);
    const file = join(gateway.home.root, "api.html");
    assert.equal(stdout, `${pathToFileURL(file).href}\n`);
    assert.match(await readFile(file, "utf8"), /^<!doctype html>/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it("prints it for programs", async () => {
    assert.match((JSON.parse((await run(["openapi"])).stdout) as { openapi: string }).openapi, /^3\.1/);
  });

  it("knows what is no method and what is no path", async () => {
    for (const [args, says] of [
      [[], /needs a method/],
      [["FETCH", "/v1/health"], /no method/],
      [["GET", "v1/health"], /begin it with \//],
      [["GET"], /<path> is missing/],
    ] as const) {
      const { exitCode, stderr } = await run([...args]);
      assert.equal(exitCode, 2, args.join(" "));
      assert.match(stderr, says);
    }
  });
});
