import assert from "node:assert/strict";
import type { AgentLaunch, LaunchRequest } from "../../../../src/server/agents/adapter.ts";
import { opencode } from "../../../../src/server/agents/opencode.ts";

const secret = "5ec4e7".repeat(8);

type Given = Partial<LaunchRequest> & { version?: string | null };

async function planned(args: readonly string[], { version = "1.18.33", ...more }: Given = {}): Promise<AgentLaunch> {
  return opencode.plan({
    sessionId: "s1",
    args,
    env: {},
    cwd: "/",
    mode: "pty",
    find: (program) => `/bin/${program}`,
    versionOf: () => Promise.resolve(version),
    readText: () => null,
    folder: "/launch",
    hooks: null,
    freePort: () => Promise.resolve(4_711),
    mayContinueItself: false,
    newSecret: () => secret,
    ...more,
  });
}

describe("a launch of opencode", () => {
  it("serves its API on a free port of loopback, for those who know a secret of this launch alone", async () => {
    const launch = await planned(["-m", "loopback/model-one"]);
    assert.deepEqual(launch.args, ["--port", "4711", "--hostname", "127.0.0.1", "-m", "loopback/model-one"]);
    assert.deepEqual(launch.env, { OPENCODE_SERVER_PASSWORD: secret });
    assert.deepEqual(launch.expects, ["event-stream"]);
    assert.deepEqual(launch.whereabouts, { url: "http://127.0.0.1:4711", username: "opencode", password: secret });
    assert.equal(launch.version, "1.18.33");
  });

  it("keeps the person's own password", async () => {
    const env = { OPENCODE_SERVER_PASSWORD: "mine", OPENCODE_SERVER_USERNAME: "ada" };
    const launch = await planned([], { env });
    assert.deepEqual(launch.env, {});
    assert.deepEqual(launch.whereabouts, { url: "http://127.0.0.1:4711", username: "ada", password: "mine" });
  });

  it("listens where the person lets it serve, and adds nothing", async () => {
    const launch = await planned(["--port", "4096", "--hostname", "0.0.0.0"]);
    assert.deepEqual(launch.args, ["--port", "4096", "--hostname", "0.0.0.0"]);
    assert.deepEqual(launch.env, {});
    assert.deepEqual(launch.whereabouts, { url: "http://127.0.0.1:4096" });
    assert.deepEqual(launch.expects, ["event-stream"]);
  });

  for (const args of [["--port", "0"], ["--mdns"], ["--port", "4096", "--hostname", "192.168.1.5"]]) {
    it(`does not guess where it is served: opencode ${args.join(" ")}`, async () => {
      const launch = await planned(args);
      assert.deepEqual(launch.args, args);
      assert.deepEqual(launch.expects, []);
      assert.deepEqual(launch.whereabouts, {});
    });
  }

  it("knows the conversation that is resumed", async () => {
    assert.equal((await planned(["-s", "ses_1"])).conversationId, "ses_1");
  });

  for (const version of ["1.15.13", "1.18.32", "0.9.1", "2.0.5", null]) {
    it(`is left as typed in version ${version ?? "unknown"}, which may not start with a password`, async () => {
      const launch = await planned(["-s", "ses_1"], { version });
      assert.deepEqual(launch.args, ["-s", "ses_1"]);
      assert.deepEqual(launch.env, {});
      assert.deepEqual(launch.expects, []);
      assert.equal(launch.conversationId, "ses_1");
    });
  }

  for (const version of ["1.18.33", "1.18.40", "1.19.0"]) {
    it(`is served in version ${version}`, async () => {
      assert.deepEqual((await planned([], { version })).expects, ["event-stream"]);
    });
  }

  it("is left as typed in pipes, and where no conversation starts", async () => {
    assert.deepEqual((await planned([], { mode: "pipes" })).args, []);
    const launch = await planned(["run", "hello"]);
    assert.deepEqual(launch.args, ["run", "hello"]);
    assert.deepEqual(launch.whereabouts, {});
  });

  it("resumes a conversation, but not with a prompt: opencode ignores that one", () => {
    assert.deepEqual(opencode.resume("ses_1", null, []), ["-s", "ses_1"]);
    assert.equal(opencode.resume("ses_1", "go on", []), null);
  });
});
