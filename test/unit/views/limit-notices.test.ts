import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { applyChange, emptyModel, type Model } from "../../../src/protocol/model.ts";
import type { Session } from "../../../src/protocol/entities.ts";
import type { Change } from "../../../src/protocol/events.ts";
import type { Account, Pause } from "../../../src/protocol/limits.ts";
import { GATHER_MS, type LimitNotice, LimitNotices, OUTCOME_MS } from "../../../src/views/limit-notices.ts";
import { aContinuation, anAccount, aPause, aQuota, aSession } from "../../support/entities.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const now = new Date(2026, 10, 21, 12, 47).getTime();
const three = new Date(2026, 10, 21, 15, 0).getTime();

describe("a notification that a pause began", () => {
  it("says which limit, until when, and what goes on then", () => {
    const rig = aRig();
    rig.pause(aPause({ until: three }));
    rig.session(stopped("a"));
    rig.session(stopped("b"));
    rig.clock.advance(GATHER_MS);
    assert.deepEqual(rig.texts(), [
      "Claude Code has hit its 5-hour limit: paused until 15:00. 2 sessions go on by themselves then.",
    ]);
  });

  it("says when its sessions go on where that is later, as in quiet hours", () => {
    const rig = aRig();
    rig.pause(aPause({ until: three }));
    const continuation = aContinuation({ at: three + 4 * 60 * 60_000 });
    rig.session({ ...stopped("a"), continuation });
    rig.clock.advance(GATHER_MS);
    assert.match(rig.texts()[0] ?? "", /paused until 15:00\. 1 session goes on by itself at 19:00\.$/);
  });

  it("says that nobody knows until when", () => {
    const rig = aRig();
    rig.pause(aPause());
    rig.clock.advance(GATHER_MS);
    assert.match(rig.texts()[0] ?? "", /paused, nobody knows until when/);
  });

  it("offers to lift one that somebody made by hand, and says why they did", () => {
    const rig = aRig();
    rig.pause(aPause({ kind: "manual", reason: "Saving it" }));
    rig.clock.advance(GATHER_MS);
    assert.deepEqual(rig.told, [
      { kind: "began", text: "Claude Code is paused until it is lifted: Saving it.", liftable: "pause1" },
    ]);
  });

  it("does not come for a pause that was there when the window opened", () => {
    const rig = aRig({ at: aPause() });
    rig.pause(aPause({ until: three }));
    rig.clock.advance(GATHER_MS);
    assert.deepEqual(rig.texts(), []);
  });

  it("does not come again when more is known of the pause", () => {
    const rig = aRig();
    rig.pause(aPause());
    rig.clock.advance(GATHER_MS);
    rig.pause(aPause({ until: three }));
    rig.clock.advance(GATHER_MS);
    assert.equal(rig.told.length, 1);
  });

  it("does not come for what only looks like a limit, until that is taken for one", () => {
    const rig = aRig();
    rig.pause(aPause({ isInForce: false }));
    rig.clock.advance(GATHER_MS);
    assert.deepEqual(rig.texts(), []);
    rig.pause(aPause());
    rig.clock.advance(GATHER_MS);
    assert.equal(rig.told.length, 1);
  });

  it("does not come for a pause that the person made in this window", () => {
    const rig = aRig();
    rig.pause(aPause({ kind: "manual" }));
    rig.notices.silence("pause1");
    rig.clock.advance(GATHER_MS);
    assert.deepEqual(rig.texts(), []);
  });

  it("does not come, nor does its end, when the pause was over before anybody was told", () => {
    const rig = aRig();
    rig.pause(aPause());
    rig.ends();
    rig.clock.advance(OUTCOME_MS);
    assert.deepEqual(rig.texts(), []);
  });

  for (const [what, place] of [
    ["a window that the person did not use last", { isForemost: false, notifications: "both" }],
    ["one whose notifications are on the desktop", { isForemost: true, notifications: "desktop" }],
  ] as const) {
    it(`does not come in ${what}`, () => {
      const rig = aRig({ place });
      rig.pause(aPause());
      rig.clock.advance(GATHER_MS);
      assert.deepEqual(rig.texts(), []);
    });
  }

  it("has nothing to click that somebody wrote into a reason", () => {
    const rig = aRig();
    rig.pause(aPause({ kind: "manual", reason: "[x](command:evil)" }));
    rig.clock.advance(GATHER_MS);
    assert.doesNotMatch(rig.texts()[0] ?? "", /\]\(/);
  });
});

describe("a notification that a pause is prolonged", () => {
  const half = new Date(2026, 10, 21, 12, 30).getTime();
  const prolonged = aPause({ until: three, tries: 1 });

  it("says that the limit is still there, until when, and what goes on then", () => {
    const rig = aRig({ at: aPause({ until: half }) });
    rig.session(stopped("a"));
    rig.pause(prolonged);
    rig.clock.advance(GATHER_MS);
    assert.deepEqual(rig.texts(), [
      "Claude Code: the 5-hour limit is still there: paused until 15:00. 1 session goes on by itself then.",
    ]);
  });

  it("says that nobody knows until when any more, and once only", () => {
    const rig = aRig({ at: aPause({ until: half }) });
    for (const tries of [1, 2, 3]) {
      rig.pause(aPause({ tries }));
      rig.clock.advance(GATHER_MS);
    }
    assert.deepEqual(rig.texts(), [
      "Claude Code: the 5-hour limit is still there: paused, nobody knows until when. It is tried out now and then.",
    ]);
  });

  it("does not come beside the one that the pause began", () => {
    const rig = aRig();
    rig.pause(aPause({ until: half }));
    rig.pause(prolonged);
    rig.clock.advance(GATHER_MS);
    assert.deepEqual(rig.texts(), ["Claude Code has hit its 5-hour limit: paused until 15:00."]);
  });

  it("does not come when the pause is over meanwhile, whose end does", () => {
    const rig = aRig({ at: aPause({ until: half }) });
    rig.pause(prolonged);
    rig.ends();
    rig.clock.advance(OUTCOME_MS);
    assert.deepEqual(rig.texts(), ["Claude Code is no longer paused."]);
  });
});

describe("a notification that a pause ended", () => {
  it("comes when all of its sessions have gone on, or will not, and says why not", () => {
    const rig = aRig({ at: aPause() });
    rig.session(stopped("a"));
    rig.session(stopped("b"));
    rig.ends();
    rig.clock.advance(GATHER_MS);
    rig.session(outcome("a", "resumed"));
    assert.deepEqual(rig.texts(), []);
    rig.session(outcome("b", "not-resumed", "Not resumed: it waits for you."));
    assert.deepEqual(rig.texts(), [
      'Claude Code is no longer paused. 1 session resumed. "b": Not resumed: it waits for you.',
    ]);
  });

  it("tells launches that were held from sessions that go on", () => {
    const rig = aRig({ at: aPause() });
    rig.session(outcome("a", "resumed"));
    rig.session({ ...outcome("b", "resumed"), promptCount: 0 });
    rig.ends();
    rig.clock.advance(GATHER_MS);
    assert.deepEqual(rig.texts(), ["Claude Code is no longer paused. 1 session resumed. 1 session started."]);
  });

  it("comes at last without those that take too long", () => {
    const rig = aRig({ at: aPause() });
    rig.session(stopped("a"));
    rig.ends();
    rig.clock.advance(OUTCOME_MS);
    assert.deepEqual(rig.texts(), ["Claude Code is no longer paused. 1 still to come."]);
  });

  it("comes once", () => {
    const rig = aRig({ at: aPause() });
    rig.ends();
    rig.clock.advance(OUTCOME_MS);
    rig.session(outcome("a", "resumed"));
    assert.equal(rig.told.length, 1);
  });

  it("does not come where the person has lifted it in this window and nothing was stopped", () => {
    const rig = aRig({ at: aPause() });
    rig.notices.silence("pause1");
    rig.ends();
    rig.clock.advance(OUTCOME_MS);
    assert.deepEqual(rig.texts(), []);
  });
});

describe("a notification that much is used", () => {
  const used = (usedPercent: number) =>
    anAccount({ quotas: [aQuota({ usedPercent, resetsAt: three, fullAt: three - 40 * 60_000 })] });

  it("comes when the threshold is crossed, with the forecast", () => {
    const rig = aRig();
    rig.account(used(79));
    rig.account(used(82));
    assert.deepEqual(rig.texts(), [
      "Claude Code has used 82% of its 5-hour limit, which resets 15:00. At this pace it is used up by 14:20.",
    ]);
  });

  it("does not come again before less is used", () => {
    const rig = aRig();
    for (const percent of [82, 90, 3, 81]) rig.account(used(percent));
    assert.equal(rig.told.length, 2);
  });

  it("does not come for what was used when the window opened", () => {
    const rig = aRig({ account: used(82) });
    rig.account(used(85));
    assert.deepEqual(rig.texts(), []);
  });

  it("does not come with the limit itself, which has its own", () => {
    const rig = aRig();
    rig.account(used(100));
    assert.deepEqual(rig.texts(), []);
  });

  it("never comes with a threshold of 0", () => {
    const rig = aRig({ warnAtPercent: 0 });
    rig.account(used(99));
    assert.deepEqual(rig.texts(), []);
  });
});

function stopped(id: string): Session {
  return aSession({ id, title: id, state: "PAUSED", continuation: aContinuation() });
}

function outcome(id: string, status: "resumed" | "not-resumed", text = ""): Session {
  return aSession({ id, title: id, promptCount: 1, continuation: aContinuation({ status, text }) });
}

interface RigOptions {
  readonly at?: Pause;
  readonly account?: Account;
  readonly place?: ReturnType<ConstructorParameters<typeof LimitNotices>[0]["place"]>;
  readonly warnAtPercent?: number;
}

/** A window that has just opened, and what it told. */
function aRig({ at, account, place, warnAtPercent = 80 }: RigOptions = {}) {
  const clock = new ManualClock();
  const told: LimitNotice[] = [];
  const notices = new LimitNotices({
    tell: (notice) => told.push(notice),
    place: () => place ?? { isForemost: true, notifications: "both" },
    warnAtPercent: () => warnAtPercent,
    clock,
    now: () => now,
  });
  let model: Model = { ...emptyModel, storeId: "store" };
  const change = (next: Change) => {
    model = applyChange(model, model.seq + 1, next);
    notices.update(model);
  };
  if (at) model = applyChange(model, 1, { type: "pause.changed", pause: at });
  if (account) model = applyChange(model, 1, { type: "account.changed", account });
  notices.update(model);
  return {
    clock,
    told,
    notices,
    texts: () => told.map(({ text }) => text),
    pause: (pause: Pause) => change({ type: "pause.changed", pause }),
    ends: () => change({ type: "pause.changed", pause: aPause({ endedAt: now, endedBy: "reset" }) }),
    session: (session: Session) => change({ type: "session.changed", session }),
    account: (next: Account) => change({ type: "account.changed", account: next }),
  };
}
