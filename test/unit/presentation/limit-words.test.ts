import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { heldQuestion, whenOver } from "../../../src/presentation/held-words.ts";
import {
  byEnd,
  currentQuotas,
  holdingPauses,
  pauseDescription,
  pauseLabel,
  pauseRowTitle,
  pausesInShort,
  pauseTitle,
  quotaWords,
  endWords,
  untilWords,
  usageInShort,
} from "../../../src/presentation/limit-words.ts";
import { anAccount, aPause, aQuota } from "../../support/entities.ts";

const now = new Date(2026, 10, 21, 12, 47).getTime();
const at = (hours: number, minutes = 0) => new Date(2026, 10, 21, hours, minutes).getTime();

describe("a pause's row", () => {
  for (const [what, pause, title, description] of [
    ["a limit with a reset", aPause({ until: at(15) }), "Claude Code paused until 15:00", "in 2 h 13 min"],
    [
      "a limit of one model",
      aPause({ model: "opus", until: at(15) }),
      "Claude Code (opus) paused until 15:00",
      "in 2 h 13 min",
    ],
    [
      "a limit of which nobody knows the reset",
      aPause({ nextTryAt: at(12, 55) }),
      "Claude Code paused, reset unknown",
      "next try 12:55",
    ],
    [
      "a limit that should have reset",
      aPause({ until: at(12, 46), nextTryAt: at(12, 46) }),
      "Claude Code paused until 12:46",
      "is tried out",
    ],
    ["a pause by hand", aPause({ kind: "manual" }), "Claude Code paused by hand", "until it is lifted"],
    [
      "a pause by hand with an end",
      aPause({ kind: "manual", until: at(15) }),
      "Claude Code paused by hand until 15:00",
      "in 2 h 13 min",
    ],
    ["what only looks like one", aPause({ isInForce: false }), "Claude Code looks limited", "nothing is held"],
  ] as const) {
    it(`says of ${what}: ${title}, ${description}`, () => {
      assert.deepEqual([pauseTitle(pause, now), pauseDescription(pause, now)], [title, description]);
    });
  }

  it("shows until when in a narrow tree too, whoever it is", () => {
    assert.equal(pauseRowTitle(aPause({ until: at(15) }), now), "Claude Code paused until 15:00");
    const other = aPause({ label: "Claude Code (127.0.0.1:34317)", until: at(15) });
    assert.equal(pauseRowTitle(other, now), "Claude Code (127.… until 15:00");
    assert.equal(pauseRowTitle({ ...other, until: null }, now), pauseTitle({ ...other, until: null }, now));
  });

  it("is read out with the reason", () => {
    const said = "Claude Code paused until 15:00, in 2 h 13 min. The 5-hour limit is reached.";
    assert.equal(pauseLabel(aPause({ until: at(15) }), now), said);
  });

  it("is read out once where the reason is no other than the title", () => {
    const byHand = aPause({ kind: "manual", reason: "It was paused by hand." });
    assert.equal(pauseLabel(byHand, now), "Claude Code paused by hand, until it is lifted.");
    const said = "Claude Code paused by hand, until it is lifted. Saving it for the release";
    assert.equal(pauseLabel({ ...byHand, reason: "Saving it for the release" }, now), said);
  });
});

describe("the pauses in the status bar", () => {
  const early = aPause({ id: "early", until: at(15) });
  const late = aPause({ id: "late", label: "Codex", until: at(18) });
  const unknown = aPause({ id: "unknown", label: "Gemini CLI" });
  const suggested = aPause({ id: "suggested", isInForce: false, until: at(13) });

  it("are none without any", () => assert.equal(pausesInShort([], now), ""));

  it("are the one that ends first, and how many others", () => {
    assert.equal(pausesInShort(holdingPauses([late, early, unknown]), now), "Claude Code until 15:00 +2");
  });

  it("are no hints, which hold nothing", () => {
    assert.equal(pausesInShort(holdingPauses([suggested]), now), "");
  });

  it("have no end that nobody knows", () => assert.equal(pausesInShort([unknown], now), "Gemini CLI"));

  it("are in the tree with the hints last", () => {
    const order = [suggested, unknown, late, early].sort(byEnd).map(({ id }) => id);
    assert.deepEqual(order, ["early", "late", "unknown", "suggested"]);
  });
});

describe("what is used of an account", () => {
  const fiveHours = aQuota({ usedPercent: 99.6, resetsAt: at(15), fullAt: at(14, 20) });
  const weekly = aQuota({ kind: "weekly", model: "opus", usedPercent: 40 });

  it("is in short the part of each window", () => {
    const account = anAccount({ quotas: [fiveHours, weekly] });
    assert.equal(usageInShort(account, now), "5-hour 99% · weekly (opus) 40%");
  });

  it("is not what was used before the reset", () => {
    const reset = anAccount({ quotas: [aQuota({ resetsAt: at(12) })] });
    assert.deepEqual(currentQuotas(reset, now), []);
    assert.equal(usageInShort(reset, now), "not known since it reset");
  });

  it("is in full with its reset and, where there is one, the forecast", () => {
    assert.equal(quotaWords(fiveHours, now), "99% used, resets 15:00, at this pace full by 14:20");
    assert.equal(quotaWords(weekly, now), "40% used");
  });
});

describe("the question about a launch that a pause holds", () => {
  const launch = { kind: "launch", wait: "offered" } as const;

  it("says what is paused, until when, since when, why, and how we know", () => {
    const pause = aPause({ since: at(12, 1), until: at(15) });
    const { message, detail } = heldQuestion(pause, now, launch);
    assert.equal(message, "Claude Code is paused until 15:00, for another 2 h 13 min.");
    assert.match(
      detail,
      /^The 5-hour limit is reached\.\nPaused since 12:01; known from the agent's hooks \(StopFailure hook\)\./,
    );
  });

  it("says that nobody knows until when", () => {
    assert.match(heldQuestion(aPause(), now, launch).message, /is paused and nobody knows until when\.$/);
  });

  it("offers to wait for what will end it", () => {
    assert.equal(whenOver(aPause({ until: at(15) }), "launch"), "Start When It Resets");
    assert.equal(whenOver(aPause({ kind: "manual" }), "stopped"), "Resume When It Is Lifted");
    assert.equal(whenOver(aPause({ kind: "manual", until: at(15) }), "launch"), "Start When It Ends");
  });

  it("says of a pause by hand that somebody has to lift it, and not how it is known", () => {
    const { message, detail } = heldQuestion(aPause({ kind: "manual", since: at(12, 1) }), now, launch);
    assert.equal(message, "Claude Code is paused until it is lifted.");
    assert.match(detail, /\nPaused by hand since 12:01\.\n/);
  });

  for (const [held, words] of [
    [launch, 'With "Start When It Resets" the session waits in the list, and starts by itself.'],
    [
      { kind: "stopped", wait: "offered" },
      'With "Resume When It Resets" the session waits in the list, and goes on by itself.',
    ],
    [{ kind: "stopped", wait: "already" }, "The session goes on by itself then."],
    [{ kind: "launch", wait: "already" }, "The session starts by itself then."],
    [
      { kind: "ended", wait: "impossible" },
      "The session has ended, so it does not go on by itself: resume it again then.",
    ],
    [{ kind: "stopped", wait: "impossible" }, "The session does not go on by itself: resume it then."],
  ] as const) {
    it(`says of what is ${held.kind}, where to wait is ${held.wait}: ${words}`, () => {
      assert.equal(heldQuestion(aPause(), now, held).detail.split("\n").at(-1), words);
    });
  }

  it("hides nothing of what an agent said", () => {
    assert.match(heldQuestion(aPause({ reason: "a\u202eb" }), now, launch).detail, /^a<U\+202E>b/);
  });
});

describe("until when, in words", () => {
  it("is the time and how long that is", () => {
    assert.equal(endWords(aPause({ until: at(15) }), now), "15:00, in 2 h 13 min");
  });

  it("is that nobody knows, or that somebody has to lift it", () => {
    assert.equal(endWords(aPause(), now), "nobody knows when");
    assert.equal(endWords(aPause({ kind: "manual" }), now), "it is lifted");
  });

  it("stands behind what is paused", () => {
    assert.equal(untilWords(aPause({ until: at(15) }), now), "until 15:00, in 2 h 13 min");
    assert.equal(untilWords(aPause({ kind: "manual" }), now), "until it is lifted");
    assert.equal(untilWords(aPause(), now), "and nobody knows until when");
  });
});
