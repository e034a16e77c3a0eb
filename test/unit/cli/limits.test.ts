import assert from "node:assert/strict";
import { onlyOne } from "../../../src/cli/commands/unpause.ts";
import { accountNamed } from "../../../src/cli/commands/which-account.ts";
import { interpret, type RunIntent } from "../../../src/cli/grammar.ts";
import { readPauseEnd } from "../../../src/cli/pause-end.ts";
import { pauseOfError } from "../../../src/cli/pause-of-error.ts";
import { waysOn } from "../../../src/cli/run/held.ts";
import { prolongedWords, waitingWords } from "../../../src/cli/run/waiting-words.ts";
import { bar } from "../../../src/cli/screen/bar.ts";
import { continuationWords } from "../../../src/cli/screen/continuation-words.ts";
import { formatHeld } from "../../../src/cli/screen/held-block.ts";
import { formatHistory, formatLimits, formatLimitsBriefly } from "../../../src/cli/screen/limits-text.ts";
import { untilWords } from "../../../src/cli/screen/pause-words.ts";
import { formatPersona } from "../../../src/cli/screen/persona-text.ts";
import { commandLine, lineToCopy } from "../../../src/cli/screen/shell-words.ts";
import { plain } from "../../../src/cli/screen/style.ts";
import { UsageError } from "../../../src/cli/usage.ts";
import type { Session } from "../../../src/protocol/entities.ts";
import { TallyError } from "../../../src/protocol/errors.ts";
import type { Continuation, Pause, QuotaWindow } from "../../../src/protocol/limits.ts";
import { aContinuation, anAccount, aPause, aQuota, aSession } from "../../support/entities.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 12:47 in the time zone of the tests. */
const nowMs = Date.parse("2026-11-21T12:47:00Z");
const time = { nowMs, timeZone: "UTC" };
const surface = { ...time, style: plain, width: null };
const atThree = nowMs + 2 * HOUR + 13 * MINUTE;

describe("until when something is paused", () => {
  const until = (fields: Partial<Pause>) => untilWords(aPause(fields), time);

  it("is told as a time and how long it is until then", () => {
    assert.equal(until({ until: atThree }), "until 15:00, in 2 h 13 min");
  });

  it("may be known to nobody: then it is told when Tally tries again", () => {
    assert.equal(
      until({ nextTryAt: nowMs + 9 * MINUTE }),
      "nobody knows until when; Tally tries again at 12:56, in 9 min",
    );
    assert.equal(until({}), "nobody knows until when");
  });

  it("may be over without anybody having seen that the limit is gone", () => {
    const fields = { until: nowMs - MINUTE, nextTryAt: nowMs + MINUTE };
    assert.equal(until(fields), "was to reset at 12:46; Tally tries again at 12:48, in 1 min");
  });

  it("is up to a person when a person began it", () => {
    assert.equal(until({ kind: "manual" }), "until it is lifted");
  });
});

describe("what a held launch says", () => {
  const pause = aPause({
    since: nowMs - 10 * MINUTE,
    until: atThree,
    model: "Opus",
    evidence: "You've hit your Opus limit\u202e",
    tries: 2,
  });
  const ways = waysOn(interpret(["claude", "-p", "fix it"]) as RunIntent, pause);

  it("is what is paused, since when and until when, how that is known, and what to do", () => {
    assert.deepEqual(formatHeld(pause, ways, surface), [
      "Paused: Claude Code, model Opus",
      "  since       12:37, 10m ago",
      "  until       15:00, in 2 h 13 min",
      "  why         The 5-hour limit is reached.",
      "  known from  StopFailure hook",
      "  tried       2 times, and the limit was still there",
      "│ You've hit your Opus limit<U+202E>",
      "",
      "Start when it ends:  tally --wait claude -p 'fix it'",
      "Start anyway:        tally --force claude -p 'fix it'",
      "Lift the pause:      tally unpause pause1",
    ]);
  });

  it("keeps a persona in the lines to copy", () => {
    const intent = interpret(["--persona", "my work", "-p"]) as RunIntent;
    assert.equal(waysOn(intent, pause)[0]?.line, "tally --wait --persona 'my work' -- -p");
  });

  it("is read from the error, where that tells of a pause", () => {
    assert.equal(pauseOfError(new TallyError("paused", "Held.", { pause, resumeAt: atThree }))?.id, pause.id);
    assert.equal(pauseOfError(new TallyError("paused", "Held.")), null);
    assert.equal(pauseOfError(new TallyError("internal", "No.", { pause })), null);
  });
});

describe("a command line to copy", () => {
  it("quotes what a shell would not take as it is", () => {
    assert.equal(commandLine(["a-b=c/d", "", "it's $x"], false), String.raw`a-b=c/d '' 'it'\''s $x'`);
    assert.equal(commandLine(["a b"], true), '"a b"');
  });

  it("leaves out what is too long to read or acts on a terminal", () => {
    assert.equal(lineToCopy(["tally", "claude"], ["x".repeat(500)]), "tally claude …");
    assert.equal(lineToCopy(["tally", "claude"], ["one\ntwo"]), "tally claude …");
  });
});

describe("the countdown of --wait", () => {
  it("says what is paused, until when and how long that is to the second", () => {
    const pause = aPause({ until: atThree + 5_000 });
    assert.equal(
      waitingWords(pause, "connected", time),
      "[Tally] Claude Code is paused until 15:00: starts in 2 h 13 min 5 s",
    );
  });

  it("says that it waits for more than the time once that has come", () => {
    const words = waitingWords(aPause({ until: nowMs }), "connected", time);
    assert.equal(words, "[Tally] Claude Code is paused until 12:47: starts as soon as the limit is seen to be gone");
  });

  it("does not count down to what nobody knows", () => {
    assert.match(waitingWords(aPause(), "connected", time), /is paused; nobody knows until when$/);
    assert.match(waitingWords(aPause({ kind: "manual" }), "connected", time), /is paused until it is lifted$/);
  });

  it("says when nobody is there to end the pause", () => {
    assert.match(waitingWords(aPause(), "stopped", time), /tally gateway start/);
  });

  it("says when the pause lasts longer than it was to, and nothing of other changes", () => {
    const before = aPause({ until: nowMs });
    assert.equal(
      prolongedWords(before, { ...before, until: atThree, tries: 1 }, time),
      "Claude Code stays paused: until 15:00, in 2 h 13 min",
    );
    assert.equal(prolongedWords(before, { ...before, evidence: "More words" }, time), null);
  });
});

describe("when a pause of a person's ends", () => {
  const end = (given: { for?: string; until?: string }) =>
    readPauseEnd({ for: given.for, until: given.until }, { now: nowMs, timeZone: "UTC" });

  it("is after a time, or at a time, or when it is lifted", () => {
    assert.equal(end({ for: "2h" }), nowMs + 2 * HOUR);
    assert.equal(end({ until: "3pm" }), atThree);
    assert.equal(end({ until: "2026-11-21T15:00:00Z" }), atThree);
    assert.equal(end({}), null);
  });

  it("is refused when it is both, no time, or past", () => {
    for (const given of [
      { for: "2h", until: "3pm" },
      { for: "soon" },
      { for: "0s" },
      { until: "whenever" },
      { until: "2026-11-20T15:00:00Z" },
    ]) {
      assert.throws(() => end(given), UsageError, JSON.stringify(given));
    }
  });
});

describe("the account that a pause is for", () => {
  const context = { env: { PATH: "/bin" } };
  const accounts = [anAccount(), anAccount({ id: "codex-x", agent: "codex", label: "Codex" })];

  it("is the agent's or the persona's of this folder and environment", () => {
    const place = { cwd: process.cwd(), env: { PATH: "/bin" } };
    assert.deepEqual(accountNamed("codex", accounts, context), { ...place, agent: "codex" });
    assert.deepEqual(accountNamed("work", accounts, context), { ...place, persona: "work" });
  });

  it("can be named by its id", () => {
    assert.deepEqual(accountNamed("codex-x", accounts, context), { accountId: "codex-x" });
  });

  it("is without a name the only one, or Claude Code's when none is known", () => {
    assert.deepEqual(accountNamed(undefined, accounts.slice(1), context), { accountId: "codex-x" });
    assert.deepEqual(accountNamed(undefined, [], context), {
      cwd: process.cwd(),
      env: { PATH: "/bin" },
      agent: "claude",
    });
  });

  it("is asked for when there are several", () => {
    assert.throws(
      () => accountNamed(undefined, accounts, context),
      /claude-account1 {2}Claude Code\n {2}codex-x {2}Codex/,
    );
  });
});

describe("the pause that `tally unpause` alone lifts", () => {
  const suggested = aPause({ id: "suggested", isInForce: false });

  it("is the only one, and one in force before one that looks like one", () => {
    assert.deepEqual(onlyOne([suggested, aPause()]), [aPause()]);
    assert.deepEqual([onlyOne([suggested]), onlyOne([])], [[suggested], []]);
  });

  it("is asked for when there are several", () => {
    assert.throws(() => onlyOne([aPause(), aPause({ id: "pause2" })]), /pause1 [^]*pause2 /);
  });
});

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
        "  weekly Opus  ████████████████████  100%  resets 15:00, in 2 h 13 min  ",
      ],
    );
  });

  it("do not show as used what has reset since it was told", () => {
    const [, line = ""] = limits([quota({ usedPercent: 90, resetsAt: nowMs - HOUR, at: nowMs - 2 * HOUR })]);
    assert.match(line, /^ {2}5-hour {2}░+ {5}- {2}reset at 11:47 {2}told 2h ago$/);
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
    assert.equal(words({ at: null }), "resumes when the limit resets; nobody knows when");
    assert.equal(words({ at: nowMs }), "resumes any moment now");
  });

  it("is for a launch that was held when it starts", () => {
    assert.equal(words({ at: atThree }, { pid: null }), "starts at 15:00, in 2 h 13 min");
    assert.equal(words({ status: "resuming" }, { pid: null }), "is being started");
  });

  it("is what happened, or why it did not", () => {
    assert.equal(words({ status: "resumed", at: nowMs - MINUTE }), "resumed at 12:46");
    assert.equal(
      words({ status: "not-resumed", text: "It asks you\nsomething." }),
      "not resumed: It asks you something.",
    );
    assert.equal(words({ status: "cancelled" }), "does not resume by itself: cancelled");
    assert.equal(words({ owner: "person", text: "Go on with it in its terminal." }), "Go on with it in its terminal.");
  });

  it("is nothing when no limit did", () => {
    assert.equal(continuationWords(aSession(), time), null);
  });
});

describe("a persona that a repository wants to run", () => {
  it("is shown whole, and nothing of it passes for words of Tally", () => {
    const persona = {
      name: "work",
      agent: "claude",
      configHome: "~/.claude-work",
      args: ["--model", "opus\napproved"],
      env: { KEY: "a b" },
      from: "repository",
      isApproved: false,
      hash: "h",
    } as const;
    assert.deepEqual(formatPersona({ ...persona, args: [...persona.args] }, surface), [
      "This repository's tally.json defines persona work, which wants to run:",
      "│ agent        claude",
      "│ argument     --model",
      "│ argument     'opus",
      "│ approved'",
      "│ environment  KEY='a b'",
      "│ config home  ~/.claude-work",
    ]);
  });
});
