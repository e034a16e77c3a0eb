import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { heldText, pausedMessage } from "../../../../src/server/limits/pause-words.ts";
import { aPause } from "../../../support/entities.ts";

const NOON = new Date(2026, 10, 21, 12, 0).getTime();
const THREE = new Date(2026, 10, 21, 15, 0).getTime();
const byHand = { kind: "manual", reason: "Saving it for the release." } as const;

describe("what somebody hears whose launch is held", () => {
  for (const [what, fields, message, held] of [
    [
      "a limit with a reset",
      { until: THREE },
      "Claude Code is paused, until 15:00. It has hit its 5-hour limit.",
      "It is held until 15:00: Claude Code is paused.",
    ],
    [
      "a limit of which nobody knows the reset",
      {},
      "Claude Code is paused, and nobody knows until when. It has hit its 5-hour limit.",
      "It is held: Claude Code is paused, and nobody knows until when.",
    ],
    [
      "a pause by hand",
      byHand,
      "Claude Code is paused until somebody lifts the pause. Saving it for the release.",
      "It is held: Claude Code is paused until somebody lifts the pause.",
    ],
    [
      "a pause by hand with an end",
      { ...byHand, until: THREE },
      "Claude Code is paused, until 15:00. Saving it for the release.",
      "It is held until 15:00: Claude Code is paused.",
    ],
  ] as const) {
    it(`is of ${what}: ${message}`, () => {
      assert.deepEqual([pausedMessage(aPause(fields), NOON), heldText(aPause(fields), NOON)], [message, held]);
    });
  }
});
