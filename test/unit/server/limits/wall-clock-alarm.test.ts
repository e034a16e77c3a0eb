import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MAX_SLEEP_MS, WallClockAlarm } from "../../../../src/server/limits/wall-clock-alarm.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const HOUR_MS = 60 * 60_000;

describe("an alarm on the wall clock", () => {
  it("goes off at its time, once", () => {
    const rig = aRig();
    rig.alarm.set(HOUR_MS);
    rig.passes(HOUR_MS - 1);
    assert.deepEqual(rig.wentOffAt, []);
    rig.passes(HOUR_MS);
    assert.deepEqual(rig.wentOffAt, [HOUR_MS]);
    assert.equal(rig.alarm.at, null);
  });

  it("goes off soon after the machine wakes, when its time has passed meanwhile", () => {
    const rig = aRig();
    rig.alarm.set(HOUR_MS);
    rig.sleeps(8 * HOUR_MS);
    assert.deepEqual(rig.wentOffAt, []);
    rig.passes(MAX_SLEEP_MS);
    assert.deepEqual(rig.wentOffAt, [8 * HOUR_MS + MAX_SLEEP_MS]);
  });

  it("goes off on time when the machine wakes before it", () => {
    const rig = aRig();
    rig.alarm.set(HOUR_MS);
    rig.sleeps(HOUR_MS / 2);
    rig.passes(HOUR_MS);
    assert.deepEqual(rig.wentOffAt, [HOUR_MS]);
  });

  it("waits on when the clock is set back", () => {
    const rig = aRig();
    rig.alarm.set(HOUR_MS);
    rig.passes(HOUR_MS - 1_000);
    rig.clockIsSetBy(-HOUR_MS);
    rig.passes(HOUR_MS);
    assert.deepEqual(rig.wentOffAt, []);
    rig.passes(1_000);
    assert.deepEqual(rig.wentOffAt, [HOUR_MS]);
  });

  it("goes off, but not within the call, when its time has passed already", () => {
    const rig = aRig();
    rig.alarm.set(-1);
    assert.deepEqual(rig.wentOffAt, []);
    rig.passes(0);
    assert.deepEqual(rig.wentOffAt, [0]);
  });

  it("goes off at the time that was set last", () => {
    const rig = aRig();
    rig.alarm.set(1_000);
    rig.alarm.set(2_000);
    assert.equal(rig.alarm.at, 2_000);
    rig.passes(3_000);
    assert.deepEqual(rig.wentOffAt, [2_000]);
  });

  it("does not go off once it is set to nothing", () => {
    const rig = aRig();
    rig.alarm.set(1_000);
    rig.alarm.set(null);
    rig.passes(HOUR_MS);
    assert.deepEqual(rig.wentOffAt, []);
  });

  it("can be set anew while it goes off", () => {
    const rig = aRig({ onDue: (alarm, now) => now < 3_000 && alarm.set(now + 1_000) });
    rig.alarm.set(1_000);
    rig.passes(HOUR_MS);
    assert.deepEqual(rig.wentOffAt, [1_000, 2_000, 3_000]);
  });
});

/** A machine whose timers stand still while it sleeps, and whose clock can be set. */
function aRig({ onDue = () => undefined }: { onDue?: (alarm: WallClockAlarm, now: number) => unknown } = {}) {
  const timers = new ManualClock();
  let ahead = 0;
  const now = () => timers.now() + ahead;
  const wentOffAt: number[] = [];
  const alarm: WallClockAlarm = new WallClockAlarm({
    now,
    onDue: () => {
      wentOffAt.push(now());
      onDue(alarm, now());
    },
    setTimer: (delayMs, task) => timers.schedule(delayMs, task),
  });
  const clockIsSetBy = (ms: number) => (ahead += ms);
  return { alarm, wentOffAt, passes: (ms: number) => timers.advance(ms), clockIsSetBy, sleeps: clockIsSetBy };
}
