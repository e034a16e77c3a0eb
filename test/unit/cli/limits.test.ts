import assert from "node:assert/strict";
import { bar } from "../../../src/cli/screen/bar.ts";
import { continuationWords, pendingWords } from "../../../src/cli/screen/continuation-words.ts";
import { formatHistory, formatLimits, formatLimitsBriefly } from "../../../src/cli/screen/limits-text.ts";
import { plain } from "../../../src/cli/screen/style.ts";
import type { Session } from "../../../src/protocol/entities.ts";
import type { Continuation, Pause, QuotaWindow } from "../../../src/protocol/limits.ts";
import { aContinuation, anAccount, aPause, aQuota, aSession } from "../../support/entities.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 12:47 in the time zone of the tests. */
const nowMs = Date.parse("2026-11-21T12:47:00Z");
const time = { nowMs, timeZone: "UTC" };
const surface = { ...time, style: plain, width: null };
const atThree = nowMs + 2 * HOUR + 13 * MINUTE;

describe("the limits", () => {
  const quota = (fields: Partial<QuotaWindow> = {}) => aQuota({ at: nowMs, resetsAt: atThree, ...fields });
  const limits = (quotas: QuotaWindow[], pauses: Pause[] = []) =>
    formatLimits({ accounts: [anAccount({ quotas })], pauses, warnAtPercent: 80 }, surface);

  it("show what is used of each window, when it resets, and when it is going to be full", () => {
    assert.deepEqual(
      limits([
        quota({ usedPercent: 42, fullAt: nowMs + HOUR }),
        quota({ kind: "weekly", usedPercent: 7, resetsAt: null, at: nowMs - HOUR }),
        quota({ kind: "weekly", model: "Opus", usedPercent: 100, fullAt: nowMs }),
      ]),
      [
        "Claude Code  claude-account1",
        "  5-hour       ████████░░░░░░░░░░░░   42%  resets 15:00, in 2 h 13 min  at this pace full at 13:47",
        "  weekly       █░░░░░░░░░░░░░░░░░░░    7%                               told 1h ago",
        "  weekly Opus  ████████████████████  100%  resets 15:00, in 2 h 13 min",
      ],
    );
  });

  it("do not show as used what has reset since it was told", () => {
    const old = quota({ usedPercent: 90, resetsAt: nowMs - HOUR, at: nowMs - 2 * HOUR });
    const accounts = [anAccount({ quotas: [old] })];
    assert.match(limits([old])[1] ?? "", /^ {2}5-hour +not known since it reset at 11:47$/);
    assert.equal(
      formatLimitsBriefly({ accounts, pauses: [] }, surface).at(-1),
      "Claude Code: 5-hour not known since it reset at 11:47",
    );
  });

  it("say so when the agent has not told", () => {
    assert.equal(limits([])[1], "  its agent has not told how much is used");
  });

  it("show what is paused, and apart from it what only looks like a limit", () => {
    const lines = limits([], [aPause({ until: atThree }), aPause({ id: "p2", isInForce: false })]);
    assert.equal(lines[2], "  paused  Claude Code until 15:00, in 2 h 13 min · The 5-hour limit is reached.");
    assert.match(lines[4] ?? "", /^ {2}looks like a limit, and holds nothing: /);
    assert.match(lines[5] ?? "", /tally unpause p2$/);
  });

  it("show the pause of an account that is not known any more", () => {
    assert.match(formatLimits({ accounts: [], pauses: [aPause()], warnAtPercent: 80 }, surface)[0] ?? "", /paused/);
  });

  it("are told briefly, also that nothing is paused", () => {
    const accounts = [anAccount({ quotas: [quota({ usedPercent: 42 })] }), anAccount({ id: "silent" })];
    const usage = "Claude Code: 5-hour 42%, resets 15:00, in 2 h 13 min";
    assert.deepEqual(formatLimitsBriefly({ accounts, pauses: [] }, surface), ["nothing is paused", usage]);
    assert.deepEqual(formatLimitsBriefly({ accounts, pauses: [aPause({ until: atThree })] }, surface), [
      "Claude Code: until 15:00, in 2 h 13 min · The 5-hour limit is reached.",
      usage,
    ]);
  });

  it("have a history, with how each pause ended", () => {
    const since = nowMs - HOUR;
    const lines = formatHistory(
      [
        aPause({ id: "p3", since }),
        aPause({ id: "p2", since, endedAt: nowMs, endedBy: "reset" }),
        aPause({ id: "p1", since, endedAt: nowMs, endedBy: "lifted", kind: "manual" }),
      ],
      surface,
    );
    assert.deepEqual(lines, [
      "SINCE  ENDED          WHAT         KIND     WHY                           ID",
      "11:47  in force       Claude Code  5-hour   The 5-hour limit is reached.  p3",
      "11:47  12:47          Claude Code  5-hour   The 5-hour limit is reached.  p2",
      "11:47  12:47, lifted  Claude Code  by hand  The 5-hour limit is reached.  p1",
    ]);
  });
});

describe("a bar", () => {
  it("is never empty for something, and never full for less than all", () => {
    assert.deepEqual(
      [0, 1, 50, 99, 100, 130].map((percent) => bar(percent, 4)),
      ["░░░░", "█░░░", "██░░", "███░", "████", "████"],
    );
  });
});

describe("what becomes of a session that a limit stopped", () => {
  const words = (continuation: Partial<Continuation>, session: Partial<Session> = {}) =>
    continuationWords(
      aSession({ state: "PAUSED", pid: 1, continuation: aContinuation(continuation), ...session }),
      time,
    );

  it("is when it resumes, and who resumes it", () => {
    assert.equal(words({ at: atThree }), "resumes at 15:00, in 2 h 13 min");
    assert.equal(words({ at: atThree, owner: "agent" }), "its agent resumes at 15:00, in 2 h 13 min");
    assert.equal(words({ at: null }), "resumes when the pause ends");
    assert.equal(words({ at: nowMs }), "resumes any moment now");
  });

  it("is for a launch that was held when it starts", () => {
    assert.equal(words({ at: atThree }, { pid: null }), "starts at 15:00, in 2 h 13 min");
    assert.equal(words({ status: "resuming" }, { pid: null }), "is being started");
    assert.equal(words({ status: "resumed", at: nowMs - MINUTE }, { state: "IDLE" }), "started at 12:46");
  });

  it("is no start for one that had begun, and whose process was lost", () => {
    assert.equal(words({ at: atThree }, { pid: null, promptCount: 1 }), "resumes at 15:00, in 2 h 13 min");
  });

  it("is what happened, or why it did not", () => {
    const resumed = { status: "resumed", at: nowMs - MINUTE, text: "Tally resumed it." } as const;
    assert.equal(words(resumed, { state: "RUNNING", promptCount: 2 }), "Tally resumed it at 12:46");
    assert.equal(
      words({ status: "not-resumed", text: "Not resumed: it asks you\nsomething." }),
      "Not resumed: it asks you something",
    );
    assert.equal(words({ status: "cancelled", text: "You cancelled it." }), "You cancelled it");
    assert.equal(words({ owner: "person", text: "Go on with it in its terminal." }), "Go on with it in its terminal.");
  });

  it("is for one that works on, since only its wrapper heeds the pause, no resuming", () => {
    const session = aSession({ mode: "external", pid: 1, continuation: aContinuation({ at: atThree }) });
    assert.equal(continuationWords(session, time), "its wrapper is told to wait until 15:00, in 2 h 13 min");
    assert.equal(pendingWords(session, time), null);
  });

  it("is nothing when no limit did", () => {
    assert.equal(continuationWords(aSession(), time), null);
  });
});
