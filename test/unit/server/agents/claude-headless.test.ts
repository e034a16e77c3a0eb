import assert from "node:assert/strict";
import { claude } from "../../../../src/server/agents/claude.ts";
import type { HeadlessExit } from "../../../../src/server/agents/headless.ts";
import { type ReadRun, readRun, recordedRun } from "../../../support/recorded-runs.ts";

const headless = claude.headless ?? assert.fail();
const versions = ["2.1.329", "2.1.197"] as const;

function run(lines: readonly string[], exit: Partial<HeadlessExit> = {}): ReadRun {
  return readRun(headless.reader("UTC"), lines, exit);
}

const recorded = (name: string, version = "2.1.329") => recordedRun(`claude-${version}`, name);

function launched(args: readonly string[], conversationId: string | null = null): readonly string[] {
  return headless.launch({ prompt: "go", conversationId, args }).args;
}

const ours = ["--print", "--output-format", "stream-json", "--verbose"];

describe("Claude Code without a terminal", () => {
  it("gets its prompt on standard input", () => {
    assert.equal(headless.launch({ prompt: "--help me", conversationId: null, args: [] }).stdin, "--help me");
  });

  it("is launched with what the person gave, but for how it prints", () => {
    const args = ["--permission-mode", "plan", "-p", "--output-format=text", "--model", "opus", "and this"];
    assert.deepEqual(launched(args), [...ours, "--permission-mode", "plan", "--model", "opus", "and this"]);
  });

  it("goes on with a conversation as it was launched, without what it was told then", () => {
    const args = ["--session-id", "x", "--model", "opus", "-c", "--max-turns", "3", "the prompt"];
    assert.deepEqual(launched(args, "c1"), [...ours, "--resume", "c1", "--model", "opus", "--max-turns", "3"]);
  });

  for (const version of versions) {
    it(`${version}: shows what it does, and tells its result`, () => {
      const { shown, end, last } = run(recorded("done", version));
      assert.deepEqual(
        shown.map(({ kind, text }) => `${kind} ${text}`),
        [
          "text I look.",
          "tool Bash: echo hello; exit 3",
          "error Exit code 3 … (+1 line)",
          "tool Read: /nonexistent",
          "error File does not exist. Note: your current working directory is /home/dev/work.",
          "text It is done.",
        ],
      );
      assert.deepEqual(end, { outcome: "done", result: "It is done." });
      assert.match(last("conversation")?.id ?? "", /^[\da-f-]{36}$/);
      assert.match(last("model")?.model ?? "", /^claude-opus/);
    });

    it(`${version}: tells its tokens and what they cost`, () => {
      const costUsd = version === "2.1.329" ? 0.00054 : 0.0007;
      const usage = run(recorded("done", version)).last("usage")?.usage ?? assert.fail();
      const { costUsd: told, ...tokens } = usage;
      assert.deepEqual(tokens, { inputTokens: 30, outputTokens: 15, cacheReadTokens: 100, cacheWriteTokens: 20 });
      assert.equal(told?.toFixed(5), costUsd.toFixed(5));
    });

    it(`${version}: is stopped by a limit, whose reset it tells to the second`, () => {
      const { end, last } = run(recorded("limit", version), { exitCode: 1 });
      assert.ok(end.outcome === "limited");
      const { kind, resetsAt, isExact } = end.limit;
      assert.deepEqual([kind, isExact], ["five-hour", true]);
      const [window] = last("quota")?.windows ?? [];
      assert.deepEqual([window?.kind, window?.usedPercent, window?.resetsAt], ["five-hour", 100, resetsAt]);
    });
  }

  it("tells how much of the allowance is used", () => {
    const windows = run(recorded("quota")).last("quota")?.windows ?? [];
    assert.deepEqual(
      windows.map(({ kind, usedPercent }) => [kind, usedPercent]),
      [
        ["five-hour", 91],
        ["weekly", 40],
      ],
    );
    const [known] = run(recorded("quota", "2.1.197")).last("quota")?.windows ?? [];
    assert.deepEqual([known?.kind, known?.usedPercent], ["five-hour", 91]);
  });

  it("tells of a conversation that goes on only what this run cost", () => {
    const usage = run(recorded("resumed")).last("usage")?.usage ?? assert.fail();
    assert.deepEqual([usage.inputTokens, usage.outputTokens, usage.costUsd?.toFixed(5)], [10, 5, "0.00014"]);
  });

  it("counts what sub-agents use, shows what they do, and is done once they are", () => {
    const { shown, end, last } = run(recorded("sub-agent"));
    assert.deepEqual(
      shown.map(({ text }) => text),
      ["Agent: count", "All done 1", "Bash: ls (sub-agent general-purpose)", "All done 4"],
    );
    assert.deepEqual(end, { outcome: "done", result: "All done 4" });
    assert.deepEqual(
      [last("usage")?.usage.inputTokens, last("usage")?.usage.outputTokens, last("usage")?.usage.costUsd?.toFixed(4)],
      [50, 25, "0.0007"],
    );
  });

  it("goes on where a permission is refused, and says so", () => {
    const { shown, end } = run(recorded("denied"));
    assert.match(shown.find(({ kind }) => kind === "error")?.text ?? "", /needs approval/);
    assert.equal(end.outcome, "done");
  });

  it("is stopped by a limit in the middle of its work", () => {
    const { shown, end, last } = run(recorded("limit-after-tool"), { exitCode: 1 });
    assert.deepEqual(shown, [{ kind: "tool", text: "Bash: true" }]);
    assert.equal(end.outcome, "limited");
    assert.equal(last("usage")?.usage.outputTokens, 5);
  });

  it("is stopped by a limit of a key, which tells no time", () => {
    const { end } = run(recorded("key-limit"), { exitCode: 1 });
    assert.ok(end.outcome === "limited");
    assert.deepEqual([end.limit.kind, end.limit.resetsAt], ["other", null]);
    assert.match(end.limit.text, /Request rejected \(429\)/);
  });

  const failures = [
    ["bad-request", "API Error: 400 It cannot be.", false],
    ["max-turns", "Reached maximum number of turns (1)", false],
    ["unknown-conversation", "No conversation found with session ID: 00000000-0000-4000-8000-000000000000", false],
  ] as const;
  for (const [name, error, mayRetry] of failures) {
    it(`fails with its own words: ${name}`, () => {
      assert.deepEqual(run(recorded(name), { exitCode: 1 }).end, { outcome: "failed", error, mayRetry });
    });
  }

  it("may be asked again where the API was overloaded before it had done anything", () => {
    const { shown, end } = run(recorded("overloaded"), { exitCode: 1 });
    assert.deepEqual(shown, [{ kind: "error", text: "API error 529 (overloaded), trying again: 1 of 1" }]);
    assert.ok(end.outcome === "failed");
    assert.match(end.error, /^API Error: 529 Overloaded\./);
    assert.equal(end.mayRetry, true);
  });

  it("may not be asked again once it has done something", () => {
    const work = recorded("limit-after-tool").filter((line) => line.includes('"tool_use"'));
    const { end } = run([...work, ...recorded("overloaded")], { exitCode: 1 });
    assert.ok(end.outcome === "failed");
    assert.equal(end.mayRetry, false);
  });

  it("has no limit where another error comes after one of a sub-agent", () => {
    const rejected = recorded("limit").filter((line) => line.includes("rate_limit_event"));
    assert.equal(run([...rejected, ...recorded("bad-request")], { exitCode: 1 }).end.outcome, "failed");
  });

  it("has failed when its output ends early, with what it wrote on standard error", () => {
    const lines = recorded("done").slice(0, -1);
    const cut = recorded("done").at(-1)?.slice(0, 80) ?? "";
    const { end } = run([...lines, cut], { exitCode: 137, stderr: "error: out of memory\n" });
    assert.ok(end.outcome === "failed");
    assert.match(end.error, /exit code 137.*error: out of memory/);
  });

  it("is not put off by lines that are none of its own", () => {
    const garbage = [
      "",
      "Debugger attached.",
      "null",
      "[]",
      '{"type":"later"}',
      '{"type":"assistant","message":7}',
      "\0",
    ];
    const { end, shown } = run(recorded("done").flatMap((line) => [...garbage, line]));
    assert.equal(end.outcome, "done");
    assert.equal(shown.length, 6);
  });
});
