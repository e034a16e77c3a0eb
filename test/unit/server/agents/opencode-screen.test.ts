import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readScreen } from "../../../../src/server/agents/opencode/screen.ts";
import type { Activity } from "../../../../src/server/agents/reading.ts";

const fixtures = join(import.meta.dirname, "../../../fixtures/agents/opencode-1.18.33");
const screen = (name: string) => readFileSync(join(fixtures, `${name}.screen.txt`), "utf8");

function activityOf(rows: string): Activity | undefined {
  const [reading] = readScreen(rows);
  return reading?.type === "activity" ? reading.activity : undefined;
}

describe("opencode's screen", () => {
  const table: readonly (readonly [name: string, activity: Activity])[] = [
    ["home", "idle"],
    ["idle", "idle"],
    ["working", "working"],
    ["working-esc", "working"],
    ["usage-limit", "working"],
    ["permission", "waiting"],
    ["permission-of-sub-agent", "waiting"],
    ["question", "waiting"],
    ["question-multiple", "waiting"],
    ["question-review", "waiting"],
  ];
  for (const [name, activity] of table) {
    it(`says ${activity}: ${name}`, () => {
      assert.equal(activityOf(screen(name)), activity);
    });
  }

  it("asks a single question with fewer keys to press", () => {
    assert.equal(activityOf("  ┃  1. Blue\n  ┃\n  ┃  ↑↓ select  enter submit  esc dismiss\n  ┃"), "waiting");
  });

  it("says idle when the answer above is all about limits, dialogs and keys", () => {
    const rows = screen("talk");
    assert.match(rows, /△ Permission required\s*\n.*Allow once {3}Allow always {3}Reject/);
    assert.match(rows, /esc interrupt/);
    assert.equal(activityOf(rows), "idle");
  });

  for (const rows of ["", "$ ls\na  b\n$ ", "ctrl+p commands", "esc interrupt"]) {
    it(`says nothing when it is another program's: ${JSON.stringify(rows)}`, () => {
      assert.deepEqual(readScreen(rows), []);
    });
  }
});
