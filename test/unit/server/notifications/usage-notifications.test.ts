import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Account, Pause } from "../../../../src/protocol/limits.ts";
import { UsageNotifications } from "../../../../src/server/notifications/usage-notifications.ts";
import { anAccount, aPause, aQuota } from "../../../support/entities.ts";
import { limitRig } from "./limit-rig.ts";

const HOUR_MS = 60 * 60_000;

describe("a quota that is nearly used up", () => {
  it("is told of on the desktop, once", () => {
    const rig = aRig({ accounts: [used(70)] });
    rig.account(used(81));
    rig.account(used(82));
    rig.gather();
    rig.account(used(90));
    rig.gather();
    assert.deepEqual(rig.desktop, ["Claude Code: 81% of the 5-hour limit used: Nobody knows when it resets."]);
  });

  it("is not told of again when a session tells of it that knows less", () => {
    const rig = aRig();
    for (const percent of [81, 79, 82]) {
      rig.account(used(percent));
      rig.gather();
    }
    assert.equal(rig.desktop.length, 1);
  });

  it("is told of again after it has reset", () => {
    const rig = aRig();
    for (const resetsAt of [HOUR_MS, 6 * HOUR_MS]) {
      for (const usedPercent of [10, 85]) rig.account(anAccount({ quotas: [aQuota({ usedPercent, resetsAt })] }));
      rig.gather();
    }
    assert.equal(rig.desktop.length, 2);
  });

  it("is told of together with another one of the account", () => {
    const rig = aRig();
    rig.account(used(81));
    rig.account(anAccount({ quotas: [aQuota({ usedPercent: 81 }), aQuota({ kind: "weekly", usedPercent: 95 })] }));
    rig.gather();
    assert.equal(rig.desktop.length, 1);
    assert.match(rig.desktop[0] ?? "", /^Claude Code: 2 limits are near: 81% of the 5-hour .* 95% of the weekly/);
  });

  it("is not told of when it was as much before the gateway started", () => {
    const rig = aRig({ accounts: [used(85)] });
    rig.account(used(86));
    rig.gather();
    assert.deepEqual(rig.desktop, []);
  });

  it("is not told of while a pause holds the account, or when one begins", () => {
    const paused = aRig({ pauses: [aPause()] });
    paused.account(used(100));
    const aboutToPause = aRig();
    aboutToPause.account(used(100));
    aboutToPause.pause(aPause());
    for (const rig of [paused, aboutToPause]) {
      rig.gather();
      assert.deepEqual(rig.desktop, []);
    }
  });

  it("is told of again once the pause has ended", () => {
    const rig = aRig({ pauses: [aPause()] });
    rig.pause(aPause({ endedAt: 9, endedBy: "reset" }));
    rig.account(used(81));
    rig.gather();
    assert.equal(rig.desktop.length, 1);
  });

  it("is not told of to a person who is in the editor", () => {
    const rig = aRig();
    rig.person.isAway = false;
    rig.account(used(81));
    rig.gather();
    assert.deepEqual(rig.desktop, []);
  });
});

function used(usedPercent: number): Account {
  return anAccount({ quotas: [aQuota({ usedPercent })] });
}

function aRig(known: { accounts?: Account[]; pauses?: Pause[] } = {}) {
  const rig = limitRig();
  new UsageNotifications({ ...rig.options, accounts: [], pauses: [], warnAtPercent: () => 80, ...known });
  return rig;
}
