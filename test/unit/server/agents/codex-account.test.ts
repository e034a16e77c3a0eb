import assert from "node:assert/strict";
import type { LaunchAccount } from "../../../../src/server/agents/adapter.ts";
import { codex } from "../../../../src/server/agents/codex.ts";

interface Given {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the usual config home. */
  readonly files?: Readonly<Record<string, string>>;
}

function account({ args = [], env = {}, files = {} }: Given = {}): LaunchAccount {
  return codex.account({
    args,
    env: { HOME: "/home/dev", ...env },
    cwd: "/home/dev/proj",
    readText: (path) => files[path.replace("/home/dev/.codex/", "")] ?? null,
  });
}

const providers = `model = "gpt-5.4" # the usual
model_provider = "proxy"

[model_providers.proxy]
base_url = "https://proxy.example/v1"
env_key = "PROXY_KEY"

[model_providers."other"]
name = "other"
base_url = 'https://other.example/v1'
`;

describe("the account of a launch of Codex", () => {
  it("is the person's own where nothing is set", () => {
    assert.deepEqual(account(), {
      configHome: "/home/dev/.codex",
      endpoint: null,
      credential: null,
      isDefault: true,
      model: null,
      usesModel: true,
    });
  });

  it("is another one in another config home", () => {
    const { configHome, isDefault } = account({ env: { CODEX_HOME: "/home/dev/work-codex" } });
    assert.deepEqual([configHome, isDefault], ["/home/dev/work-codex", false]);
  });

  it("is the usual one when CODEX_HOME names the usual folder", () => {
    assert.equal(account({ env: { CODEX_HOME: "/home/dev/.codex/" } }).isDefault, true);
  });

  it("is that of the provider which the arguments name", () => {
    const files = { "config.toml": providers };
    assert.equal(account({ args: ["-c", 'model_provider="other"'], files }).endpoint, "https://other.example/v1");
    assert.equal(account({ args: ["-c", "model_provider=openai"], files }).endpoint, "openai");
    assert.equal(account({ args: ["--oss", "--local-provider", "ollama"], files }).endpoint, "ollama");
  });

  it("is that of the provider which a profile names", () => {
    const files = { "config.toml": providers, "work.config.toml": 'model_provider = "other"\nmodel = "x"' };
    const { endpoint, model } = account({ args: ["--profile", "work"], files });
    assert.deepEqual([endpoint, model], ["https://other.example/v1", "x"]);
  });

  it("is the same whether the usual provider is named or not", () => {
    const files = { "config.toml": providers };
    assert.equal(account({ args: ["-c", "model_provider=proxy"], files }).endpoint, null);
  });

  it("goes with the base URL that the arguments set", () => {
    const args = ["-c", 'openai_base_url="https://eu.example/v1"'];
    assert.equal(account({ args }).endpoint, "https://eu.example/v1");
  });

  it("goes with the key that its provider reads from a variable", () => {
    const { credential, isDefault } = account({ env: { PROXY_KEY: "sk-1" }, files: { "config.toml": providers } });
    assert.deepEqual([credential, isDefault], ["sk-1", false]);
  });

  it("goes with a key of Codex's own in a headless run, which alone reads it", () => {
    const env = { CODEX_API_KEY: "sk-2" };
    assert.equal(account({ args: ["exec", "hi"], env }).credential, "sk-2");
    assert.equal(account({ args: ["hi"], env }).credential, null);
  });

  it("is not told by variables that Codex does not read", () => {
    const env = { OPENAI_API_KEY: "sk-3", OPENAI_BASE_URL: "https://x.example" };
    assert.deepEqual(account({ env }), account());
  });

  const models: readonly (readonly [string, Given])[] = [
    ["an argument", { args: ["-m", "gpt-x", "hi"] }],
    ["an argument in one word", { args: ["--model=gpt-x"] }],
    ["an assignment", { args: ["-c", 'model="gpt-x"'] }],
    ["the configuration", { files: { "config.toml": '# mine\nmodel = "gpt-x"\n' } }],
  ];
  for (const [what, given] of models) {
    it(`names the model that is set by ${what}`, () => {
      assert.equal(account(given).model, "gpt-x");
    });
  }

  for (const args of [
    ["--help"],
    ["login"],
    ["mcp", "list"],
    ["completion", "bash"],
    ["exec", "help"],
    ["resume", "-h"],
  ]) {
    it(`asks no model: codex ${args.join(" ")}`, () => {
      assert.equal(account({ args }).usesModel, false);
    });
  }

  for (const args of [["fix it"], ["exec", "fix it"], ["review"], ["exec", "review"], ["resume", "--last"], ["fork"]]) {
    it(`asks a model: codex ${args.join(" ")}`, () => {
      assert.equal(account({ args }).usesModel, true);
    });
  }
});
