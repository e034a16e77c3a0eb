import assert from "node:assert/strict";
import type { AccountRequest } from "../../../../src/server/agents/adapter.ts";
import { claude } from "../../../../src/server/agents/claude.ts";

const configHome = "/home/dev/.claude";
const user = "/home/dev/.claude/settings.json";
const project = "/home/dev/work/.claude/settings.json";
const usual = { configHome, endpoint: null, credential: null, isDefault: true, model: null, usesModel: true };

interface Given extends Partial<Pick<AccountRequest, "args" | "env">> {
  readonly texts?: Readonly<Record<string, unknown>>;
}

function account({ args = [], env = {}, texts = {} }: Given) {
  return claude.account({
    args,
    env: { HOME: "/home/dev", ...env },
    cwd: "/home/dev/work",
    readText: (path) => (texts[path] === undefined ? null : JSON.stringify(texts[path])),
  });
}

describe("The account of a Claude Code", () => {
  const cases: readonly (Given & { what: string; is: Partial<ReturnType<typeof account>> })[] = [
    { what: "nothing set: the usual one", is: {} },
    {
      what: "another config home",
      env: { CLAUDE_CONFIG_DIR: "/home/dev/work-claude/" },
      is: { configHome: "/home/dev/work-claude", isDefault: false },
    },
    { what: "the usual config home by name", env: { CLAUDE_CONFIG_DIR: configHome }, is: {} },
    {
      what: "an API key",
      env: { ANTHROPIC_API_KEY: "sk-1" },
      is: { credential: "sk-1", isDefault: false },
    },
    {
      what: "a token beats an API key",
      env: { ANTHROPIC_API_KEY: "sk-1", ANTHROPIC_AUTH_TOKEN: "token" },
      is: { credential: "token", isDefault: false },
    },
    {
      what: "an API key beats a subscription's token",
      env: { ANTHROPIC_API_KEY: "sk-1", CLAUDE_CODE_OAUTH_TOKEN: "oauth" },
      is: { credential: "sk-1", isDefault: false },
    },
    {
      what: "a subscription's token",
      env: { ANTHROPIC_API_KEY: "", CLAUDE_CODE_OAUTH_TOKEN: "oauth" },
      is: { credential: "oauth", isDefault: false },
    },
    {
      what: "another endpoint",
      env: { ANTHROPIC_BASE_URL: "https://gateway.example/" },
      is: { endpoint: "https://gateway.example", isDefault: false },
    },
    { what: "the usual endpoint by name", env: { ANTHROPIC_BASE_URL: "https://api.anthropic.com" }, is: {} },
    {
      what: "settings put their variables over the environment's",
      env: { ANTHROPIC_BASE_URL: "https://one.example" },
      texts: {
        [user]: { env: { ANTHROPIC_BASE_URL: "https://two.example" } },
        [project]: { env: { ANTHROPIC_BASE_URL: "https://three.example" } },
      },
      is: { endpoint: "https://three.example", isDefault: false },
    },
    {
      what: "given settings are stronger still",
      args: ["--settings", '{"env": {"ANTHROPIC_BASE_URL": "https://four.example"}}'],
      texts: { [project]: { env: { ANTHROPIC_BASE_URL: "https://three.example" } } },
      is: { endpoint: "https://four.example", isDefault: false },
    },
    {
      what: "what the user's settings set is the usual one",
      texts: { [user]: { env: { ANTHROPIC_BASE_URL: "https://two.example" }, apiKeyHelper: "my-key" } },
      is: { endpoint: "https://two.example", credential: "my-key" },
    },
    {
      what: "Bedrock, by its region and profile",
      env: { CLAUDE_CODE_USE_BEDROCK: "1", AWS_REGION: "eu-west-1", AWS_PROFILE: "team", ANTHROPIC_API_KEY: "sk-1" },
      is: { endpoint: "Bedrock eu-west-1", credential: "team", isDefault: false },
    },
    {
      what: "Vertex, by its project and region",
      env: { CLAUDE_CODE_USE_VERTEX: "true", ANTHROPIC_VERTEX_PROJECT_ID: "p1", CLOUD_ML_REGION: "us-east5" },
      is: { endpoint: "Vertex p1 us-east5", isDefault: false },
    },
    { what: "Bedrock switched off", env: { CLAUDE_CODE_USE_BEDROCK: "0", AWS_REGION: "eu-west-1" }, is: {} },
  ];
  for (const { what, is, ...given } of cases) {
    it(`with ${what}`, () => {
      assert.deepEqual(account(given), { ...usual, ...is });
    });
  }

  it("without a key that the person told it not to use, unless it prints", () => {
    const key = `sk-ant-${"x".repeat(30)}`;
    const given = {
      env: { ANTHROPIC_API_KEY: key },
      texts: { "/home/dev/.claude.json": { customApiKeyResponses: { rejected: [key.slice(-20)] } } },
    };
    assert.equal(account(given).credential, null);
    assert.equal(account({ ...given, args: ["-p", "hi"] }).credential, key);
  });

  const models: readonly (readonly [string, Given, string | null])[] = [
    ["an argument", { args: ["--model", "opus"], env: { ANTHROPIC_MODEL: "haiku" } }, "opus"],
    ["a variable", { env: { ANTHROPIC_MODEL: "haiku" }, texts: { [user]: { model: "opus" } } }, "haiku"],
    ["a setting", { texts: { [user]: { model: "opus" }, [project]: { model: "sonnet" } } }, "sonnet"],
    ["no model by name", { args: ["--model", "default"] }, null],
  ];
  for (const [what, given, model] of models) {
    it(`names the model of ${what}`, () => {
      assert.equal(account(given).model, model);
    });
  }

  for (const args of [["--help"], ["-v"], ["mcp", "list"], ["doctor"], ["--model", "opus", "auth", "login"]]) {
    it(`asks no model for [${args.join(" ")}]`, () => {
      assert.equal(account({ args }).usesModel, false);
    });
  }

  for (const args of [["hi"], ["-p", "mcp"], ["--bg", "hi"], ["--cloud", "hi"], ["remote-control"]]) {
    it(`asks one for [${args.join(" ")}]`, () => {
      assert.equal(account({ args }).usesModel, true);
    });
  }

  it("keeps no secret for a later launch", () => {
    const secrets = /KEY|TOKEN|SECRET|PROXY|HEADERS/;
    assert.deepEqual(
      claude.keptVariables.filter((name) => secrets.test(name)),
      [],
    );
  });
});
