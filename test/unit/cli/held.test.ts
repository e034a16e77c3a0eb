import assert from "node:assert/strict";
import { interpret, type RunIntent } from "../../../src/cli/grammar.ts";
import { pauseOfError } from "../../../src/cli/pause-of-error.ts";
import { waysOn } from "../../../src/cli/run/held.ts";
import { prolongedWords, waitingWords } from "../../../src/cli/run/waiting-words.ts";
import { formatHeld } from "../../../src/cli/screen/held-block.ts";
import { untilWords } from "../../../src/cli/screen/pause-words.ts";
import { formatPersona } from "../../../src/cli/screen/persona-text.ts";
import { commandLine, lineToCopy } from "../../../src/cli/screen/shell-words.ts";
import { plain } from "../../../src/cli/screen/style.ts";
import { TallyError } from "../../../src/protocol/errors.ts";
import type { Pause } from "../../../src/protocol/limits.ts";
import { aPause } from "../../support/entities.ts";

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

  it("does not say the same twice when the reason is the agent's own words", () => {
    const lines = formatHeld({ ...pause, evidence: pause.reason }, ways, surface);
    assert.equal(lines.filter((line) => line.includes(pause.reason)).length, 1);
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
