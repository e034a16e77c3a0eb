import assert from "node:assert/strict";
import type { LaunchAccount } from "../../../../src/server/agents/adapter.ts";
import { gemini } from "../../../../src/server/agents/gemini.ts";

interface Given {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The person's settings. */
  readonly settings?: unknown;
}

function account({ args = [], env = {}, settings }: Given = {}): LaunchAccount {
  return gemini.account({
    args,
    env: { HOME: "/home/ada", ...env },
    cwd: "/home/ada/work",
    readText: (path) =>
      path === "/home/ada/.gemini/settings.json" && settings !== undefined ? JSON.stringify(settings) : null,
  });
}

function choosing(selectedType: string): unknown {
  return { security: { auth: { selectedType } } };
}

describe("the account of a launch of Gemini CLI", () => {
  it("is the person's own where nothing is set", () => {
    assert.deepEqual(account(), {
      configHome: "/home/ada/.gemini",
      endpoint: null,
      credential: null,
      isDefault: true,
      model: null,
      usesModel: true,
    });
  });

  it("is another one in another home", () => {
    const { configHome, isDefault } = account({ env: { GEMINI_CLI_HOME: "/other" } });
    assert.deepEqual([configHome, isDefault], ["/other/.gemini", false]);
  });

  it("goes with the key and where it is used", () => {
    const env = { GEMINI_API_KEY: "k-1", GOOGLE_GEMINI_BASE_URL: "https://proxy.example" };
    const { endpoint, credential, isDefault } = account({ env });
    assert.deepEqual([endpoint, credential, isDefault], ["https://proxy.example", "k-1", false]);
  });

  it("does not go with a key that is not used, because the person logs in", () => {
    const { credential, isDefault } = account({ env: { GEMINI_API_KEY: "k-1" }, settings: choosing("oauth-personal") });
    assert.deepEqual([credential, isDefault], [null, true]);
  });

  it("goes with the project where it is Google's cloud", () => {
    const env = { GOOGLE_GENAI_USE_VERTEXAI: "true", GOOGLE_CLOUD_PROJECT: "p", GOOGLE_API_KEY: "k-2" };
    assert.deepEqual([account({ env }).endpoint, account({ env }).credential], ["p", "k-2"]);
    assert.equal(account({ env: { GOOGLE_CLOUD_PROJECT: "p" }, settings: choosing("vertex-ai") }).endpoint, "p");
  });

  it("names the model of the arguments, of the environment or of the settings, in this order", () => {
    const settings = { model: { name: "from-settings" } };
    const env = { GEMINI_MODEL: "from-env" };
    assert.equal(account({ args: ["-m", "from-args"], env, settings }).model, "from-args");
    assert.equal(account({ env, settings }).model, "from-env");
    assert.equal(account({ settings }).model, "from-settings");
  });

  for (const args of [["--help"], ["mcp", "list"], ["--list-sessions"], ["extensions", "list"]]) {
    it(`asks no model: gemini ${args.join(" ")}`, () => {
      assert.equal(account({ args }).usesModel, false);
    });
  }

  for (const args of [["-p", "hi"], ["hi"], ["--acp"], []]) {
    it(`asks a model: gemini ${args.join(" ")}`, () => {
      assert.equal(account({ args }).usesModel, true);
    });
  }
});

describe("going on with a conversation of Gemini CLI", () => {
  const id = "11111111-2222-4333-8444-555555555555";
  const kept = ["-m", "gemini-x", "--approval-mode=yolo", "-e", "one"];
  const goOn = [...kept, "--resume", id, "--prompt-interactive=go on"];

  for (const gone of [
    ["fix it"],
    ["-i", "fix it"],
    ["--resume", "latest"],
    ["--session-id", "x"],
    ["-w"],
    ["--", "-x"],
  ]) {
    it(`keeps the options of a launch with ${gone.join(" ")}, and nothing else`, () => {
      assert.deepEqual(gemini.resume(id, "go on", [...kept, ...gone]), goOn);
    });
  }

  it("keeps an option that is written together with the prompt's", () => {
    assert.deepEqual(gemini.resume(id, "go on", ["-yi", "fix it"]), [
      "-y",
      "--resume",
      id,
      "--prompt-interactive=go on",
    ]);
  });

  it("goes on without a person where there was none", () => {
    assert.deepEqual(gemini.resume(id, "go on", ["-p", "fix it"]), ["--resume", id, "--prompt=go on"]);
    assert.equal(gemini.resume(id, null, ["-p", "fix it"]), null);
  });

  it("cannot be done after a command", () => {
    assert.equal(gemini.resume(id, "go on", ["mcp", "list"]), null);
  });
});
