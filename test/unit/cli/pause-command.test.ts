import assert from "node:assert/strict";
import { effectWords, pausedWords } from "../../../src/cli/commands/pause.ts";
import { onlyOne } from "../../../src/cli/commands/unpause.ts";
import { accountNamed } from "../../../src/cli/commands/which-account.ts";
import { readPauseEnd } from "../../../src/cli/pause-end.ts";
import { UsageError } from "../../../src/cli/usage.ts";
import { anAccount, aPause } from "../../support/entities.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 12:47 in the time zone of the tests. */
const nowMs = Date.parse("2026-11-21T12:47:00Z");
const atThree = nowMs + 2 * HOUR + 13 * MINUTE;

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

describe("what is said of a pause that a person begins", () => {
  const pause = aPause({ kind: "manual", until: atThree, reason: "Lunch." });
  const time = { nowMs, timeZone: "UTC" };

  it("is until when, and where it was paused already, that this is changed", () => {
    assert.equal(pausedWords(pause, false, time), "Paused Claude Code: until 15:00, in 2 h 13 min.");
    assert.equal(
      pausedWords(pause, true, time),
      "Changed the pause of Claude Code: now until 15:00, in 2 h 13 min. Why: Lunch.",
    );
  });

  it("does not promise to hold what the person has set that it does not", () => {
    assert.match(effectWords.block, /nothing new starts/);
    for (const words of [effectWords.warn, effectWords.off]) assert.match(words, /^It holds nothing/);
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
