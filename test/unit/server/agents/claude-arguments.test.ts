import assert from "node:assert/strict";
import { readArguments } from "../../../../src/server/agents/claude/arguments.ts";

const id = "11111111-1111-4111-8111-111111111111";
const otherId = "22222222-2222-4222-8222-222222222222";

const starts: readonly string[][] = [
  [],
  ["fix the bug"],
  ["mcp server broken?"],
  ["-p", "mcp"],
  ["-p", "--model", "opus", "config"],
  ["--append-system-prompt", "doctor"],
  ["--append-system-prompt", "--help", "hi"],
  ["--model", "mcp"],
  ["-n", "update", "hi"],
  ["--add-dir", "mcp", "doctor"],
  ["--allowedTools", "Bash", "mcp", "--model", "opus"],
  ["--debug", "mcp", "list"],
  ["-d", "mcp"],
  ["-c"],
  ["-r", "mcp"],
  ["--resume", "doctor"],
  ["-w", "update"],
  ["--worktree=update", "hi"],
  ["hi", "mcp"],
  ["hi", "--", "--help"],
  ["help"],
];

const startsNot: readonly string[][] = [
  ["mcp", "list"],
  ["config"],
  ["doctor"],
  ["update"],
  ["install", "stable"],
  ["agents", "--json"],
  ["plugin", "list"],
  ["setup-token"],
  ["auth", "login"],
  ["--model", "opus", "mcp"],
  ["--debug=hooks", "mcp", "list"],
  ["--verbose", "doctor"],
  ["--add-dir", "x", "--verbose", "mcp"],
  ["--help"],
  ["-h"],
  ["-p", "x", "--help"],
  ["--version"],
  ["-v"],
  ["hi", "-v"],
  ["-cv"],
  ["--bg", "hi"],
  ["--background", "hi"],
  ["--cloud", "hi"],
  ["--teleport"],
  ["-w", "x", "--tmux"],
  ["attach", "abc"],
];

describe("The arguments of a claude", () => {
  for (const args of starts) {
    it(`[${args.join(" ")}] start or continue a conversation`, () => {
      assert.equal(readArguments(args).startsConversation, true);
    });
  }

  for (const args of startsNot) {
    it(`[${args.join(" ")}] start none here`, () => {
      assert.equal(readArguments(args).startsConversation, false);
    });
  }

  const conversations: readonly { args: string[]; chooses: boolean; names: string | null }[] = [
    { args: ["hi"], chooses: false, names: null },
    { args: ["--session-id", id], chooses: true, names: id },
    { args: [`--session-id=${id}`], chooses: true, names: id },
    { args: ["--resume", id, "go on"], chooses: true, names: id },
    { args: [`-r${id}`], chooses: true, names: id },
    { args: ["-pr", id], chooses: true, names: id },
    { args: ["--resume", "my session"], chooses: true, names: null },
    { args: ["--resume"], chooses: true, names: null },
    { args: ["-c"], chooses: true, names: null },
    { args: ["-cp", "hi"], chooses: true, names: null },
    { args: ["--resume", id, "--fork-session"], chooses: true, names: null },
    { args: ["--resume", id, "--fork-session", "--session-id", otherId], chooses: true, names: otherId },
    { args: ["--from-pr", "12"], chooses: true, names: null },
    { args: ["--append-system-prompt", "--resume", "hi"], chooses: false, names: null },
    { args: ["--", "--resume"], chooses: false, names: null },
  ];
  for (const { args, chooses, names } of conversations) {
    it(`[${args.join(" ")}] ${chooses ? "choose the conversation" : "leave the conversation open"}: ${names ?? "no id"}`, () => {
      const { choosesConversation, conversationId } = readArguments(args);
      assert.deepEqual(
        { choosesConversation, conversationId },
        { choosesConversation: chooses, conversationId: names },
      );
    });
  }

  it("give the last of several settings, and what remains without any", () => {
    const { settings } = readArguments(["--settings", "a.json", "-p", "--settings={}", "hi", "--settings"]);
    assert.deepEqual(settings, null);
    assert.deepEqual(readArguments(["--settings", "a.json", "-p", "--settings={}", "hi"]).settings, {
      value: "{}",
      otherArgs: ["-p", "hi"],
    });
  });

  it("do not give settings that are the value of another option, or a prompt", () => {
    assert.equal(readArguments(["--append-system-prompt", "--settings", "hi"]).settings, null);
    assert.equal(readArguments(["--", "--settings", "x.json"]).settings, null);
  });

  it("say which settings files count", () => {
    assert.deepEqual(readArguments([]).settingSources, ["user", "project", "local"]);
    assert.deepEqual(readArguments(["--setting-sources", "local, user"]).settingSources, ["user", "local"]);
    assert.deepEqual(readArguments(["--restricted"]).settingSources, []);
  });

  it("say that hooks do not run", () => {
    assert.equal(readArguments(["hi"]).mayRunHooks, true);
    assert.equal(readArguments(["--bare", "hi"]).mayRunHooks, false);
    assert.equal(readArguments(["--safe-mode"]).mayRunHooks, false);
  });
});
