import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Account, QuotaWindow } from "../../../../src/protocol/limits.ts";
import { newlyWarned } from "../../../../src/server/limits/usage-warning.ts";
import { anAccount, aQuota } from "../../../support/entities.ts";

const FIVE_HOURS_MS = 5 * 60 * 60_000;

describe("whether a person is warned of a quota window", () => {
  const used = (usedPercent: number) => anAccountWith([aWindow({ usedPercent })]);
  const table: readonly [why: string, before: Account | undefined, after: Account, expected: boolean][] = [
    ["so much is used now", used(79), used(80), true],
    ["it is known for the first time", undefined, used(90), true],
    ["the window is new", anAccountWith([]), used(90), true],
    ["less is used", used(10), used(79.9), false],
    ["so much was used already", used(80), used(95), false],
    ["it is the same once more", used(90), used(90), false],
    ["its reset is told a little differently", used(85), anAccountWith([aWindow({ resetsAt: 61_000 })]), false],
    ["it is the next one, and as full", used(85), anAccountWith([aWindow({ resetsAt: FIVE_HOURS_MS })]), true],
    ["its reset is not known any more", used(85), anAccountWith([aWindow({ resetsAt: null })]), false],
  ];
  for (const [why, before, after, expected] of table) {
    it(`is ${expected ? "yes" : "no"} when ${why}`, () => {
      assert.equal(newlyWarned(before, after, 80).length, expected ? 1 : 0);
    });
  }

  it("is for each window by itself", () => {
    const before = anAccountWith([aWindow({ usedPercent: 90 }), aWindow({ kind: "weekly", usedPercent: 10 })]);
    const weekly = aWindow({ kind: "weekly", usedPercent: 81 });
    const opus = aWindow({ kind: "weekly", model: "Opus", usedPercent: 82 });
    assert.deepEqual(newlyWarned(before, anAccountWith([aWindow({ usedPercent: 91 }), weekly, opus]), 80), [
      weekly,
      opus,
    ]);
  });

  it("is never when the person does not want it", () => {
    assert.deepEqual(newlyWarned(used(10), used(100), 0), []);
  });
});

function aWindow(fields: Partial<QuotaWindow> = {}): QuotaWindow {
  return aQuota({ usedPercent: 85, resetsAt: 60_000, ...fields });
}

function anAccountWith(quotas: QuotaWindow[]): Account {
  return anAccount({ quotas });
}
