import assert from "node:assert/strict";
import { formatSession } from "../../../src/cli/screen/session-facts.ts";
import { plain } from "../../../src/cli/screen/style.ts";
import { formatWhy } from "../../../src/cli/screen/why.ts";
import type { Session, Task } from "../../../src/protocol/entities.ts";
import type { Testimony } from "../../../src/protocol/routes.ts";
import { aContinuation, aProject, aReason, aRequest, aSession, aTask } from "../../support/entities.ts";

const MINUTE_MS = 60_000;
const surface = { style: plain, width: null, nowMs: 3 * MINUTE_MS, timeZone: "UTC" };
const usage = { inputTokens: 1_200, outputTokens: 340, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.123 };

const shown = (session: Partial<Session>, tasks: Task[] = [], account: string | null = null) =>
  formatSession({ session: aSession(session), project: aProject(), tasks, account }, surface);

/** The lines contain this one; failing, it shows them all. */
function assertLine(lines: string[], line: string) {
  assert.ok(lines.includes(line), lines.join("\n"));
}

describe("the details of a session", () => {
  it("say its state, since when, and why", () => {
    const reason = aReason({ text: "It wants to run rm.", source: "hook", signal: "PermissionRequest hook", at: 0 });
    const lines = shown({ state: "WAITING_USER", stateSince: 0, reason });
    assertLine(lines, "state    waiting for 3m");
    assertLine(lines, "why      It wants to run rm. (PermissionRequest hook, 3m ago)");
  });

  it("name the source where the signal has no name of its own", () => {
    assertLine(
      shown({ reason: aReason({ source: "process", at: 0 }) }),
      "why      It is being started. (process, 3m ago)",
    );
  });

  it("say what a source that should speak leaves open", () => {
    assertLine(shown({ reason: aReason({ caveat: "Its hooks are silent." }) }), "caveat   Its hooks are silent.");
  });

  it("say which agent and model it is, what it was asked and what that took", () => {
    const lines = shown({ agentVersion: "2.1", model: "opus", promptCount: 2, usage, conversationId: "c-1" });
    assertLine(lines, "agent         claude 2.1");
    assertLine(lines, "model         opus");
    assertLine(lines, "prompts       2");
    assertLine(lines, "tokens        1.2k in, 340 out, $0.12");
    assertLine(lines, "conversation  c-1");
  });

  it("say what its limits belong to, and what becomes of it", () => {
    const continuation = aContinuation({ status: "scheduled", at: 4 * MINUTE_MS });
    const lines = shown(
      { persona: "work", autoResume: false, state: "PAUSED", pid: 1, continuation },
      [],
      "Claude Code",
    );
    assertLine(lines, "account      Claude Code");
    assertLine(lines, "persona      work");
    assertLine(lines, "auto-resume  off");
    assertLine(lines, "limit        resumes at 00:04, in 1 min · It goes on when the limit resets.");
  });

  it("say that a held launch has no process, and an external one no terminal of ours", () => {
    assertLine(shown({ state: "PAUSED", pid: null }), "process  none before it starts");
    assertLine(shown({ mode: "external" }), "mode     a terminal of its own, outside Tally");
  });

  it("leave out what is not known", () => {
    assert.doesNotMatch(shown({}).join("\n"), /^(model|tokens|prompts|conversation|caveat)/m);
    assert.doesNotMatch(shown({ command: [] }).join("\n"), /^command/m);
  });

  it("show the request in full", () => {
    const lines = shown({ state: "WAITING_USER", request: aRequest({ title: "Bash: two", detail: "one\ntwo" }) });
    assert.deepEqual(lines.slice(-4), ["", "It wants your permission: Bash: two", "│ one", "│ two"]);
  });

  it("list the prompts, the oldest first, with how they ended and what they took", () => {
    const prompt = (fields: Partial<Task>) => aTask({ kind: "prompt", sessionId: "session1", createdAt: 0, ...fields });
    const lines = shown({}, [
      prompt({ title: "Then this", state: "ERROR", createdAt: 2, endedAt: 2, details: "The API is down." }),
      prompt({ title: "Fix it", state: "DONE", endedAt: MINUTE_MS, usage }),
      aTask({ kind: "root", title: "the root" }),
    ]);
    assert.deepEqual(lines.slice(-4), [
      "",
      "PROMPT  TOOK  TOKENS                   TITLE",
      "done    1m    1.2k in, 340 out, $0.12  Fix it",
      "error   0s    -                        Then this · The API is down.",
    ]);
  });

  it("say how its process ended", () => {
    assertLine(shown({ state: "ERROR", endedAt: 1, exitSignal: "SIGKILL" }), "process  ended by SIGKILL");
  });
});

describe("the reason of a session's state", () => {
  const testimony = (fields: Partial<Testimony>): Testimony => ({
    source: "hook",
    signal: "Stop hook",
    text: "Its turn is over.",
    at: 2 * MINUTE_MS,
    decides: false,
    ...fields,
  });

  it("is told with its source, signal and age, and what each source last said", () => {
    const reason = aReason({ text: "It works.", source: "state-file", signal: "state file: busy", at: 2 * MINUTE_MS });
    const testimonies = [
      testimony({ source: "state-file", signal: "state file: busy", text: "It works.", decides: true }),
      testimony({ at: MINUTE_MS }),
    ];
    assert.deepEqual(formatWhy({ stateSince: 0 }, { state: "RUNNING", reason, testimonies }, surface), [
      "state   running for 3m",
      "why     It works.",
      "source  state-file",
      "signal  state file: busy",
      "said    1m ago",
      "",
      "   SOURCE      SAID    SIGNAL            TEXT",
      "→  state-file  1m ago  state file: busy  It works.",
      "   hook        2m ago  Stop hook         Its turn is over.",
    ]);
  });

  it("is called unknown where it is a guess, and says because of what", () => {
    const reason = aReason({ text: "unknown, because it has said nothing.", isUnknown: true });
    const lines = formatWhy({ stateSince: 0 }, { state: "RUNNING", reason, testimonies: [] }, surface);
    assertLine(lines, "state   unknown for 3m");
    assertLine(lines, "why     unknown, because it has said nothing.");
    assert.equal(lines.at(-1), "No source has said anything of it.");
  });
});
