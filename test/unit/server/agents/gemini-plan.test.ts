import assert from "node:assert/strict";
import type { AgentLaunch, HookLines, LaunchRequest } from "../../../../src/server/agents/adapter.ts";
import { gemini } from "../../../../src/server/agents/gemini.ts";

const hooks: HookLines = {
  report: (channel) => `report ${channel}`,
  ask: (channel) => `ask ${channel}`,
  wrap: (channel, command) => `wrap ${channel} ${command}`,
};
const id = "11111111-2222-4333-8444-555555555555";

type Given = Partial<LaunchRequest> & { version?: string | null; files?: Readonly<Record<string, unknown>> };

async function planned(args: readonly string[], given: Given = {}): Promise<AgentLaunch> {
  const { version = "0.61.0", files = {}, ...more } = given;
  return gemini.plan({
    sessionId: "s1",
    args,
    env: { HOME: "/home/ada" },
    cwd: "/home/ada/work",
    mode: "pty",
    find: (program) => `/bin/${program}`,
    versionOf: () => Promise.resolve(version),
    readText: (path) => {
      const file = files[path];
      return file === undefined || typeof file === "string" ? (file ?? null) : JSON.stringify(file);
    },
    folder: "/launch",
    hooks,
    freePort: () => Promise.resolve(1),
    mayContinueItself: false,
    newSecret: () => "",
    ...more,
  });
}

const takesHooks = { version: "0.59.0" };
const DEFAULTS = "gemini-defaults.json";

/** The defaults that the launch brings, as JSON. */
function defaultsOf({ files }: AgentLaunch): Record<string, unknown> {
  return JSON.parse(files[DEFAULTS] ?? "{}") as Record<string, unknown>;
}

const ours = {
  hooks: [{ name: "tally", type: "command", command: "exec /bin/sh '/launch/gemini-hook.sh'", timeout: 5000 }],
};

describe("a launch of Gemini CLI", () => {
  it("leaves the arguments as they are where a person is there", async () => {
    for (const args of [[], ["fix it"], ["-r", id], ["--session-id", id], ["mcp", "list"], ["--version"]]) {
      const launch = await planned(args);
      assert.deepEqual(launch.args, args);
      assert.deepEqual(launch.env, {});
      assert.deepEqual(launch.files, {});
    }
  });

  it("gives a run without a person an id, unless it has one or resumes, or the version knows no ids", async () => {
    const { args, conversationId } = await planned(["-p", "hi"]);
    assert.match(conversationId ?? "", /^[0-9a-f-]{36}$/);
    assert.deepEqual(args, ["--session-id", conversationId, "-p", "hi"]);
    assert.deepEqual((await planned(["hi"], { mode: "pipes" })).args.slice(0, 1), ["--session-id"]);
    for (const others of [
      ["-p", "hi", "--session-id", id],
      ["-p", "hi", "-r", "latest"],
    ]) {
      assert.deepEqual((await planned(others)).args, others);
    }
    assert.deepEqual((await planned(["-p", "hi"], { version: "0.40.1" })).args, ["-p", "hi"]);
    assert.deepEqual((await planned(["-p", "hi"], { version: null })).args, ["-p", "hi"]);
  });

  it("knows the conversation that the arguments name", async () => {
    assert.equal((await planned(["-r", id])).conversationId, id);
    assert.equal((await planned(["-r", "latest"])).conversationId, null);
  });

  it("expects titles, unless a setting turns them off or the version has none", async () => {
    const user = "/home/ada/.gemini/settings.json";
    const project = "/home/ada/work/.gemini/settings.json";
    const expected = async (given: Given) => (await planned([], given)).expects;
    assert.deepEqual(await expected({}), ["title"]);
    assert.deepEqual(await expected({ files: { [user]: { ui: { hideWindowTitle: true } } } }), []);
    assert.deepEqual(await expected({ files: { [user]: '{ "ui": { "dynamicWindowTitle": false } } // quiet' } }), []);
    const takenBack = {
      [user]: { ui: { dynamicWindowTitle: false } },
      [project]: { ui: { dynamicWindowTitle: true } },
    };
    assert.deepEqual(await expected({ files: takenBack }), ["title"]);
    assert.deepEqual(await expected({ files: { [user]: { ui: { dynamicWindowTitle: "false" } } } }), []);
    assert.deepEqual(await expected({ files: { [user]: "no settings" } }), ["title"]);
    assert.deepEqual(await expected({ version: "0.24.5" }), []);
    assert.deepEqual(await expected({ mode: "pipes" }), []);
    assert.deepEqual((await planned(["mcp", "list"])).expects, []);
  });

  it("takes hooks along where the version lets a launch bring defaults of its own", async () => {
    const launch = await planned(["hi"], takesHooks);
    assert.deepEqual(launch.args, ["hi"]);
    assert.deepEqual(launch.env, { GEMINI_CLI_SYSTEM_DEFAULTS_PATH: "/launch/gemini-defaults.json" });
    assert.equal(launch.files["gemini-hook.sh"], "report hook\n");
    assert.deepEqual(launch.expects, ["title", "hook"]);
    assert.deepEqual(defaultsOf(launch), {
      hooks: {
        SessionStart: [ours],
        BeforeAgent: [ours],
        Notification: [ours],
        AfterTool: [ours],
        AfterAgent: [ours],
      },
      hooksConfig: { notifications: false },
    });
  });

  it("takes no hooks along where they would not run, or would be refused with a warning on the screen", async () => {
    const none: Given[] = [
      { version: "0.61.0" },
      { version: "0.60.0-preview.0" },
      { version: "0.25.0" },
      { version: null },
      { ...takesHooks, hooks: null },
    ];
    for (const given of none) assert.deepEqual((await planned([], given)).files, {});
    assert.deepEqual((await planned(["hooks", "list"], takesHooks)).files, {});
  });

  it("keeps what the administrator's defaults say, wherever they are", async () => {
    const theirs = { hooks: { AfterAgent: [{ hooks: [] }], PreCompress: [{ hooks: [] }] }, ui: { theme: "ANSI" } };
    const places: [string, Record<string, string>][] = [
      ["/etc/gemini-cli/system-defaults.json", {}],
      ["/opt/d.json", { GEMINI_CLI_SYSTEM_DEFAULTS_PATH: "/opt/d.json" }],
      ["/opt/system-defaults.json", { GEMINI_CLI_SYSTEM_SETTINGS_PATH: "/opt/settings.json" }],
    ];
    for (const [path, more] of places) {
      const env = { HOME: "/home/ada", ...more };
      const { hooks: all, ui } = defaultsOf(await planned([], { ...takesHooks, env, files: { [path]: theirs } })) as {
        hooks: Record<string, unknown>;
        ui: unknown;
      };
      assert.deepEqual(ui, theirs.ui, path);
      assert.deepEqual(all["AfterAgent"], [{ hooks: [] }, ours], path);
      assert.deepEqual(all["PreCompress"], [{ hooks: [] }], path);
    }
  });

  it("takes no hooks along where the administrator's defaults cannot be read", async () => {
    const launch = await planned([], { ...takesHooks, files: { "/etc/gemini-cli/system-defaults.json": "{ broken" } });
    assert.deepEqual(launch.env, {});
  });

  it("leaves the lines on the screen about hooks to a person who has hooks", async () => {
    const files = { "/home/ada/.gemini/settings.json": { hooks: { BeforeAgent: [{ hooks: [] }] } } };
    assert.equal(defaultsOf(await planned([], { ...takesHooks, files }))["hooksConfig"], undefined);
  });

  it("resumes with a prompt that no option can be mistaken for", () => {
    assert.deepEqual(gemini.resume(id, null, []), ["--resume", id]);
    assert.deepEqual(gemini.resume(id, "--help me", []), ["--resume", id, "--prompt-interactive=--help me"]);
  });
});
