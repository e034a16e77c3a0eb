import assert from "node:assert/strict";
import { configuredKeys, type Form, readArguments } from "../../../../src/server/agents/codex/arguments.ts";
import { codexFixture } from "../../../support/codex-fixtures.ts";

const id = "01a1fcc2-9a94-7f02-b06a-364ab5b08f9b";
const conversations = ["exec", "resume", "fork"];

/** Every subcommand and alias that `codex --help` names. */
function namesInHelp(): string[] {
  const help = codexFixture("help.txt");
  const commands = help.slice(help.indexOf("Commands:"), help.indexOf("Arguments:"));
  const names = [...commands.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name ?? "");
  const aliases = [...commands.matchAll(/\[aliases: ([^\]]+)\]/g)].flatMap(([, list]) => list?.split(", ") ?? []);
  return [...names, ...aliases];
}

describe("Codex's arguments", () => {
  const others = namesInHelp().filter((name) => !conversations.includes(name) && name !== "e");

  it("names more than twenty subcommands that start no conversation", () => {
    assert.ok(others.length > 20, others.join(" "));
  });

  for (const name of others) {
    it(`start no conversation with ${name}`, () => {
      assert.equal(readArguments([name]).form, "other");
      assert.equal(readArguments([name, "list"]).form, "other");
    });
  }

  const table: readonly [args: string[], form: Form, insertAt: number][] = [
    [[], "interactive", 0],
    [["login page broken"], "interactive", 0],
    [["fix", "the", "login"], "interactive", 0],
    [["-m", "login"], "interactive", 0],
    [["--model", "exec", "hello"], "interactive", 0],
    [["--model=gpt-5", "hello"], "interactive", 0],
    [["-c", "mcp", "hello"], "interactive", 0],
    [["-i", "login", "status"], "interactive", 0],
    [["--", "login"], "interactive", 0],
    [["--search", "--full-auto"], "interactive", 0],
    [["-mgpt-5", "login"], "other", 0],
    [["-C", "/elsewhere", "mcp", "list"], "other", 0],
    [["hello", "login"], "other", 0],
    [["--help"], "other", 0],
    [["hello", "-h"], "other", 0],
    [["-V"], "other", 0],
    [["exec", "--help"], "other", 0],
    [["--remote", "ws://127.0.0.1:1", "hello"], "other", 0],
    [["resume"], "resume", 1],
    [["-m", "gpt-5", "resume", id], "resume", 3],
    [["fork", id], "fork", 1],
    [["exec", "hello"], "exec", 1],
    [["e", "hello"], "exec", 1],
    [["--search", "exec", "login"], "exec", 2],
    [["exec", "resume", id, "go on"], "exec", 1],
    [["exec", "review"], "other", 0],
    [["exec", "-o", "review", "hello"], "exec", 1],
  ];
  for (const [args, form, insertAt] of table) {
    it(`read as ${form} with flags at ${insertAt}: codex ${args.join(" ")}`, () => {
      const read = readArguments(args);
      assert.deepEqual({ form: read.form, insertAt: read.insertAt }, { form, insertAt });
    });
  }

  const resumed: readonly [args: string[], conversationId: string | null][] = [
    [["resume", id], id],
    [["resume", "-m", "gpt-5", id, "go on"], id],
    [["exec", "--json", "resume", id, "go on"], id],
    [["resume", "--last", id], null],
    [["resume", "my-name"], null],
    [["fork", id], null],
    [[id], null],
  ];
  for (const [args, conversationId] of resumed) {
    it(`resume ${conversationId ?? "nothing known"}: codex ${args.join(" ")}`, () => {
      assert.equal(readArguments(args).conversationId, conversationId);
    });
  }

  it("tell which keys of the configuration they set", () => {
    const { options } = readArguments(["-c", "notify=[]", "--config=hooks.Stop=[]", "-cmodel=x", "--disable", "hooks"]);
    assert.deepEqual(configuredKeys(options), ["notify", "hooks.Stop", "model", "features.hooks"]);
  });
});
