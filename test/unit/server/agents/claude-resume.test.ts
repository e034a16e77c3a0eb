import assert from "node:assert/strict";
import { claude } from "../../../../src/server/agents/claude.ts";
import { readArguments } from "../../../../src/server/agents/claude/arguments.ts";

const id = "11111111-1111-4111-8111-111111111111";
const otherId = "22222222-2222-4222-8222-222222222222";

describe("Resuming Claude Code", () => {
  const prompts: readonly (readonly [string | null, readonly string[]])[] = [
    [null, []],
    ["go on", ["--", "go on"]],
    ["--help", ["--", "--help"]],
    ["mcp", ["--", " mcp"]],
  ];
  for (const [prompt, args] of prompts) {
    it(`with ${prompt === null ? "no prompt" : `the prompt "${prompt}"`} is a launch that continues the conversation`, () => {
      const resumed = claude.resume(id, prompt, []) ?? [];
      assert.deepEqual(resumed, ["--resume", id, ...args]);
      const { startsConversation, conversationId } = readArguments(resumed);
      assert.deepEqual([startsConversation, conversationId], [true, id]);
    });
  }

  const launches: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["the model stays, the prompt goes", ["--model", "opus", "fix the bug"], ["--model", "opus"]],
    ["what stands behind -- goes", ["--verbose", "--", "--model"], ["--verbose"]],
    [
      "permissions and folders stay",
      [
        "--permission-mode=plan",
        "--add-dir",
        "a",
        "b",
        "--allowedTools",
        "Bash(git *)",
        "--dangerously-skip-permissions",
      ],
      [
        "--permission-mode=plan",
        "--add-dir",
        "a",
        "b",
        "--allowedTools",
        "Bash(git *)",
        "--dangerously-skip-permissions",
      ],
    ],
    ["settings and a name stay", ["--settings", "my.json", "-n", "mine"], ["--settings", "my.json", "--name", "mine"]],
    ["another conversation goes", ["--resume", otherId, "--fork-session", "--model", "opus"], ["--model", "opus"]],
    ["an id of its own goes", [`--session-id=${otherId}`, "--verbose"], ["--verbose"]],
    ["the last one goes", ["-c", "--verbose", "go on"], ["--verbose"]],
    ["a worktree goes: Claude Code finds it again", ["-w", "feature", "--verbose"], ["--verbose"]],
    [
      "--print goes, and what only it has",
      ["-p", "hi", "--output-format", "stream-json", "--max-turns", "3", "--model", "opus"],
      ["--model", "opus"],
    ],
    ["of letters behind one dash those stay that may", ["-cd"], ["--debug"]],
  ];
  for (const [what, launched, kept] of launches) {
    it(`as it was launched: ${what}`, () => {
      assert.deepEqual(claude.resume(id, "go on", launched), ["--resume", id, ...kept, "--", "go on"]);
    });
  }
});
