import assert from "node:assert/strict";
import type { ProgramStatus } from "../../../../src/protocol/ptyhost.ts";
import { readScreen, readStatus, readTitle } from "../../../../src/server/agents/codex/terminal.ts";
import type { Activity, TimedReading } from "../../../../src/server/agents/reading.ts";
import { codexFixture } from "../../../support/codex-fixtures.ts";

function activities(readings: readonly TimedReading[]): Activity[] {
  return readings.flatMap((reading) => (reading.type === "activity" ? [reading.activity] : []));
}

describe("Codex's program status", () => {
  const status = (state: ProgramStatus["state"]): ProgramStatus => ({ state, app: "codex", kind: null, message: null });
  const where = { launch: {}, cwd: "/home/dev/proj", pid: 1, conversationId: null, transcriptPath: null };
  const expected = { ...where, launch: { hasRollout: "true" } };
  const known = { ...expected, transcriptPath: "/home/dev/.codex/sessions/rollout.jsonl" };

  const table: readonly [ProgramStatus["state"], alone: Activity[], beforeRollout: Activity[], beside: Activity[]][] = [
    ["working", ["working"], [], ["working"]],
    ["blocked", ["waiting"], ["waiting"], ["waiting"]],
    ["done", ["idle"], ["idle"], ["idle"]],
    ["idle", ["idle"], ["idle"], []],
    ["error", ["failed"], ["failed"], []],
    ["clear", [], [], []],
  ];
  for (const [state, alone, beforeRollout, beside] of table) {
    it(`"${state}" alone means ${alone.join() || "nothing"}`, () => {
      assert.deepEqual(activities(readStatus(status(state), where)), alone);
    });
    it(`"${state}" before the first prompt means ${beforeRollout.join() || "nothing"} where a rollout will come`, () => {
      assert.deepEqual(activities(readStatus(status(state), expected)), beforeRollout);
    });
    it(`"${state}" beside a rollout means ${beside.join() || "nothing"}`, () => {
      assert.deepEqual(activities(readStatus(status(state), known)), beside);
    });
  }
});

describe("Codex's title", () => {
  const table: readonly [title: string, Activity[]][] = [
    ["⠋ work", ["working"]],
    ["⠧ work", ["working"]],
    ["work", ["idle"]],
    ["[ ! ] Action Required | work", ["waiting"]],
    ["[ . ] Action Required | work", ["waiting"]],
    ["Action Required", ["idle"]],
    ["", []],
  ];
  for (const [title, expected] of table) {
    it(`"${title}" means ${expected.join() || "nothing"}`, () => {
      assert.deepEqual(activities(readTitle(title)), expected);
    });
  }
});

describe("Codex's screen", () => {
  for (const name of ["approval.txt", "hooks-review.txt"]) {
    it(`waits for the person with the dialog of ${name}`, () => {
      assert.deepEqual(activities(readScreen(codexFixture(`screens/${name}`))), ["waiting"]);
    });
  }

  for (const name of ["idle.txt", "working.txt", "answer-that-talks.txt"]) {
    it(`says nothing with ${name}`, () => {
      assert.deepEqual(readScreen(codexFixture(`screens/${name}`)), []);
    });
  }

  it("says nothing when an answer quotes a whole dialog", () => {
    const quoted = codexFixture("screens/approval.txt") + codexFixture("screens/idle.txt");
    assert.deepEqual(readScreen(quoted), []);
  });

  it("says nothing when only the foot of a dialog stands at the bottom", () => {
    assert.deepEqual(readScreen("  Press enter to confirm or esc to cancel"), []);
  });
});
