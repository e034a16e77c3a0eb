import assert from "node:assert/strict";
import type { LaunchAccount } from "../../../../src/server/agents/adapter.ts";
import { opencode } from "../../../../src/server/agents/opencode.ts";

interface Given {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

function account({ args = [], env = {}, files = {} }: Given = {}): LaunchAccount {
  return opencode.account({
    args,
    env: { HOME: "/home/ada", ...env },
    cwd: "/home/ada/work",
    readText: (path) => files[path] ?? null,
  });
}

const usual = {
  "/home/ada/.config/opencode/opencode.jsonc": '{ "model": "anthropic/claude", /* mine */ "autoupdate": false, }',
};

describe("the account of a launch of opencode", () => {
  it("is the person's own where nothing is set", () => {
    assert.deepEqual(account(), {
      configHome: "/home/ada/.local/share/opencode",
      endpoint: null,
      credential: null,
      isDefault: true,
      model: null,
      usesModel: true,
    });
  });

  it("is another one with another login, or with other settings", () => {
    const elsewhere = account({ env: { XDG_DATA_HOME: "/data" } });
    assert.deepEqual([elsewhere.configHome, elsewhere.isDefault], ["/data/opencode", false]);
    assert.equal(account({ env: { OPENCODE_CONFIG: "/other.json" } }).endpoint, "/other.json");
  });

  it("is that of another provider when the arguments name a model of one", () => {
    assert.equal(account({ args: ["-m", "openai/gpt"], files: usual }).endpoint, "openai");
    assert.equal(account({ args: ["--model=anthropic/opus"], files: usual }).endpoint, null);
  });

  it("goes with the key of the provider that is used", () => {
    const env = { ANTHROPIC_API_KEY: "sk-a", OPENAI_API_KEY: "sk-o" };
    assert.equal(account({ env, files: usual }).credential, "sk-a");
    assert.equal(account({ env, args: ["-m", "openai/gpt"] }).credential, "sk-o");
    assert.equal(account({ env }).credential, null);
  });

  it("names the model of the arguments, or that of the settings", () => {
    assert.equal(account({ args: ["-m", "openai/gpt"], files: usual }).model, "openai/gpt");
    assert.equal(account({ files: usual }).model, "anthropic/claude");
    const files = { ...usual, "/home/ada/work/opencode.json": '{"model":"openai/gpt"}' };
    assert.equal(account({ files }).model, "openai/gpt");
  });

  for (const args of [["--help"], ["-v"], ["auth", "login"], ["models"], ["run", "--help"], ["upgrade"]]) {
    it(`asks no model: opencode ${args.join(" ")}`, () => {
      assert.equal(account({ args }).usesModel, false);
    });
  }

  for (const args of [["run", "fix it"], ["."], ["--continue"], ["run", "-m", "a/b", "--format", "json", "fix it"]]) {
    it(`asks a model: opencode ${args.join(" ")}`, () => {
      assert.equal(account({ args }).usesModel, true);
    });
  }
});

describe("going on with a conversation of opencode", () => {
  it("keeps the options of its launch, and not what chose the conversation or its prompt", () => {
    const kept = ["-m", "a/b", "--agent", "plan", "--auto", "sub/folder"];
    for (const gone of [["--continue"], ["-s", "ses_0", "--fork"], ["--session=ses_0"], ["--prompt", "fix it"]]) {
      assert.deepEqual(opencode.resume("ses_1", null, [...kept, ...gone]), [...kept, "-s", "ses_1"]);
    }
  });

  it("cannot be done after a run without a person", () => {
    assert.equal(opencode.resume("ses_1", null, ["run", "fix it"]), null);
  });

  it("is asked of its own server, by those who know the password", () => {
    const launch = { url: "http://127.0.0.1:4711", username: "opencode", password: "secret" };
    const whereabouts = { launch, cwd: "/", pid: 1, conversationId: "ses_1", transcriptPath: null };
    const call = opencode.sendPrompt?.(whereabouts, "go on") ?? assert.fail();
    assert.equal(call.url, "http://127.0.0.1:4711/session/ses_1/prompt_async");
    assert.deepEqual(call.body, { parts: [{ type: "text", text: "go on" }] });
    assert.match(call.headers["authorization"] ?? "", /^Basic /);
    assert.equal(call.isTaken(204, ""), true);
    assert.equal(call.isTaken(200, "<!doctype html>"), false);
    assert.equal(opencode.sendPrompt?.({ ...whereabouts, conversationId: null }, "go on"), null);
  });
});
