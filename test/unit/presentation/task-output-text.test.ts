import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { stripVTControlCharacters } from "node:util";
import type { OutputEntry } from "../../../src/protocol/tasks.ts";
import {
  endText,
  entryText,
  outputAnew,
  statusText,
  WITHOUT_STATUS,
} from "../../../src/presentation/task-output-text.ts";
import { aRun } from "../../support/entities.ts";
import { Screen } from "../../support/screen.ts";

const COLS = 60;
const said: OutputEntry = { kind: "text", text: "I look at the tests first." };
const used: OutputEntry = { kind: "tool", text: "Bash: npm test" };

describe("the output of a headless task", () => {
  it("is the prompt, who does it, and what the agent said and did", () => {
    const text = outputAnew(aRun({ description: "Fix the tests.\nAll of them." }), [said, used, used], COLS);
    assert.deepEqual(lines(text), [
      "> Fix the tests.",
      "  All of them.",
      "claude",
      "",
      "I look at the tests first.",
      "",
      "● Bash: npm test",
      "● Bash: npm test",
    ]);
  });

  it("begins with a part of a long prompt", () => {
    const description = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");
    const text = lines(outputAnew(aRun({ description }), [], COLS));
    assert.deepEqual(text.slice(-3), ["  line 11", "  ... 88 more lines", "claude"]);
  });

  it("shows what could act on the terminal, and does not let it", () => {
    const text = entryText({ kind: "text", text: "\x1b[2Jgone" }, null, COLS);
    assert.ok(text.endsWith("<U+001B>[2Jgone"));
  });

  it("ends with how it went, and its result where that was not just said", () => {
    const task = aRun({ state: "DONE", result: said.text, startedAt: 0, endedAt: 180_000 });
    assert.deepEqual(lines(endText(task, said, COLS)), ["", "", "[Tally] Done in 3 min.", ""]);
    assert.ok(lines(endText(task, used, COLS)).includes(said.text));
  });

  it("says what it waits for on one line, which is taken back without a trace", async () => {
    const wait = { kind: "writer" as const, text: "Another task works in its worktree. ".repeat(5), until: null };
    const { run } = aRun();
    const task = aRun({ run: run && { ...run, waitsFor: wait } });
    const begun = outputAnew(task, [], COLS);
    const screen = new Screen({ cols: COLS, rows: 4 });
    const text = begun + statusText(task, COLS) + WITHOUT_STATUS + entryText(said, null, COLS);
    await new Promise<void>((resolve) => screen.write(text, resolve));
    assert.deepEqual(screen.text().split("\n"), ["> Fix the tests", "claude", "", said.text]);
  });
});

function lines(text: string): string[] {
  return stripVTControlCharacters(text).split("\r\n");
}
