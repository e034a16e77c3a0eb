import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codex } from "../../../../src/server/agents/codex.ts";
import type { HeadlessExit } from "../../../../src/server/agents/headless.ts";
import { type ReadRun, readRun, recordedRun } from "../../../support/recorded-runs.ts";

const headless = codex.headless ?? assert.fail();
const AT = Date.UTC(2026, 10, 21, 16, 30, 40);
const recorded = (name: string) => recordedRun("codex-0.169.0", name);

function run(
  lines: readonly string[],
  { env, ...exit }: Partial<HeadlessExit> & { env?: Record<string, string> } = {},
): ReadRun {
  return readRun(headless.reader("UTC", env), lines, exit, AT);
}

function launched(args: readonly string[], conversationId: string | null = null): readonly string[] {
  return headless.launch({ prompt: "go", conversationId, args }).args;
}

describe("Codex without a terminal", () => {
  it("gets its prompt on standard input", () => {
    assert.deepEqual(headless.launch({ prompt: "do it", conversationId: null, args: [] }), {
      args: ["exec", "--json"],
      stdin: "do it",
    });
  });

  it("is launched with what the person gave, each where Codex takes it", () => {
    assert.deepEqual(launched(["-m", "x", "-a", "never", "--search", "--skip-git-repo-check"]), [
      ...["-a", "never", "--search", "exec", "--json", "-m", "x", "--skip-git-repo-check"],
    ]);
    assert.deepEqual(launched(["-m", "x", "exec", "--json", "-s", "read-only"]), [
      ...["-m", "x", "exec", "--json", "-s", "read-only"],
    ]);
  });

  it("goes on with a conversation as it was launched, without what it was told then", () => {
    assert.deepEqual(launched(["exec", "-s", "read-only", "-i", "a.png", "--", "the prompt"], "c1"), [
      ...["exec", "--json", "-s", "read-only", "resume", "c1"],
    ]);
    assert.deepEqual(launched(["resume", "--last", "-a", "never", "go"], "c1"), [
      ...["-a", "never", "exec", "--json", "resume", "c1"],
    ]);
  });

  it("is given each option once, as it was said last", () => {
    const twice = ["--model", "a", "--ephemeral", "-c", "x=1", "-m", "b", "--ephemeral", "-c", "y=2", "--json"];
    const once = ["-c", "x=1", "-m", "b", "--ephemeral", "-c", "y=2"];
    assert.deepEqual(launched(twice), ["exec", "--json", ...once]);
    assert.deepEqual(launched(twice, "c1"), ["exec", "--json", ...once, "resume", "c1"]);
    assert.deepEqual(launched(["--json", "exec", ...twice]), ["exec", "--json", ...once]);
  });

  it("shows what it does, and tells its result and its tokens", () => {
    const { shown, end, last } = run(recorded("done"));
    assert.deepEqual(
      shown.slice(1).map(({ kind, text }) => `${kind} ${text}`),
      ["text I look.", "tool Bash: echo hello; exit 3", "error Exit code 3 … (+1 line)", "text It is done."],
    );
    assert.deepEqual([end.outcome, end.outcome === "done" && end.result], ["done", "It is done."]);
    assert.match(last("conversation")?.id ?? "", /^[\da-f-]{36}$/);
    assert.deepEqual(last("usage")?.usage, {
      ...{ inputTokens: 20, outputTokens: 10, cacheReadTokens: 100, cacheWriteTokens: 0, costUsd: null },
    });
  });

  it("shows files that it changes, once", () => {
    const { shown } = run(recorded("file-change"));
    assert.deepEqual(
      shown.filter(({ kind }) => kind === "tool"),
      [{ kind: "tool", text: "Write: /home/dev/work/new.txt" }],
    );
  });

  it("fails with the API's words", () => {
    const { end } = run(recorded("bad-request"), { exitCode: 1 });
    assert.deepEqual(end, { outcome: "failed", error: "It cannot be", mayRetry: false, readings: [] });
  });

  it("shows that it tries again, and may be asked again where it had done nothing", () => {
    const { shown, end } = run(recorded("overloaded"), { exitCode: 1 });
    assert.match(shown.at(-1)?.text ?? "", /^Reconnecting\.\.\. 1\/1/);
    assert.ok(end.outcome === "failed");
    assert.deepEqual([end.error.slice(0, 34), end.mayRetry], ["We’re currently experiencing high ", true]);
    const work = recorded("done").filter((line) => line.includes("command_execution"));
    const later = run([...work, ...recorded("overloaded")], { exitCode: 1 }).end;
    assert.equal(later.outcome === "failed" && later.mayRetry, false);
  });

  it("may not be asked again without a login", () => {
    const { end } = run(recorded("unauthorized"), { exitCode: 1 });
    assert.equal(end.outcome === "failed" && end.mayRetry, false);
  });

  it("is stopped by a limit, of which it prints only the minute", () => {
    const { end } = run(recorded("limit"), { exitCode: 1 });
    assert.ok(end.outcome === "limited");
    const { kind, resetsAt, isExact } = end.limit;
    assert.deepEqual([kind, resetsAt, isExact], ["other", Date.UTC(2026, 10, 21, 17, 30), false]);
  });

  it("says what to do in a folder that is in no git repository", () => {
    const stderr = "Not inside a trusted directory and --skip-git-repo-check was not specified.\n";
    const { end } = run([], { exitCode: 1, stderr });
    assert.match(end.outcome === "failed" ? end.error : "", /only in a git repository.*--skip-git-repo-check/);
  });

  it("has failed when its output ends early, with what matters of its standard error", () => {
    const stderr = "Reading prompt from stdin...\nthread 'main' panicked\n";
    const { end } = run([...recorded("done").slice(0, -2), '{"type":"turn.comp'], { exitCode: 101, stderr });
    assert.match(end.outcome === "failed" ? end.error : "", /exit code 101.* Its last words: thread 'main' panicked$/);
  });

  it("is not put off by lines that are none of its own", () => {
    const garbage = ["", "null", "[]", '{"type":"later"}', '{"type":"item.completed","item":{"type":"new","id":"x"}}'];
    const { end, shown } = run(recorded("done").flatMap((line) => [...garbage, line]));
    assert.deepEqual([end.outcome, shown.length], ["done", 5]);
  });

  describe("whose rollout is there", () => {
    let home: string;
    beforeEach(async () => {
      home = await mkdtemp(join(tmpdir(), "codex-rollouts-"));
    });
    afterEach(() => rm(home, { recursive: true }));

    /** As Codex has it: in the folder of the day on which the conversation began. */
    async function withRollout(name: string): Promise<Record<string, string>> {
      const began = JSON.parse(recorded(name)[0] ?? "") as { thread_id: string };
      const day = join(home, "sessions", "2026", "11", "21");
      await mkdir(day, { recursive: true });
      const file = `rollout-2026-11-21T16-30-34-${began.thread_id}.jsonl`;
      await writeFile(join(day, file), `${recorded(`rollout-${name}`).join("\n")}\n`);
      return { CODEX_HOME: home };
    }

    it("tells when exactly its limit resets, and which it is", async () => {
      const { end, last } = run(recorded("limit"), { exitCode: 1, env: await withRollout("limit") });
      assert.ok(end.outcome === "limited");
      const { kind, resetsAt, isExact } = end.limit;
      assert.deepEqual([kind, resetsAt, isExact], ["five-hour", 1_795_282_200_000, true]);
      assert.equal(last("quota")?.windows[0]?.usedPercent, 100);
    });

    it("tells of a conversation that goes on only what this run used, and its model", async () => {
      const { last } = run(recorded("resumed"), { env: await withRollout("resumed") });
      assert.deepEqual([last("usage")?.usage.inputTokens, last("usage")?.usage.outputTokens], [10, 5]);
      assert.equal(last("model")?.model, "gpt-5.4");
    });
  });
});
