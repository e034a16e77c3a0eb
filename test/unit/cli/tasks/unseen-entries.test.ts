import assert from "node:assert/strict";
import { UnseenEntries } from "../../../../src/cli/tasks/unseen-entries.ts";
import type { OutputEntry } from "../../../../src/protocol/tasks.ts";

const text = (words: string): OutputEntry => ({ kind: "text", text: words });
const note = (words: string): OutputEntry => ({ kind: "note", text: words });

describe("what a task did, told over several connections", () => {
  type Frame = readonly [isAnew: boolean, ...entries: OutputEntry[]];
  const shown = (...frames: readonly Frame[]) => {
    const unseen = new UnseenEntries();
    return frames.flatMap(([isAnew, ...entries]) => unseen.of(entries, isAnew).map((entry) => entry.text));
  };

  it("is shown once, also when an entry comes twice", () => {
    assert.deepEqual(shown([true, text("a"), text("a")], [false, text("b")]), ["a", "a", "b"]);
  });

  it("is not shown again after a connection is lost, and what was missed is", () => {
    assert.deepEqual(shown([true, text("a"), text("b")], [true, text("a"), text("b"), text("c")]), ["a", "b", "c"]);
  });

  it("is not shown again by a gateway that is only beginning to read it", () => {
    assert.deepEqual(
      shown([true, text("a"), text("b")], [true], [false, text("a")], [false, text("b")], [false, text("c")]),
      ["a", "b", "c"],
    );
  });

  it("loses no line to a note that is told once, or only later", () => {
    assert.deepEqual(shown([true, note("begun"), text("a")], [true, text("a"), text("b")]), ["begun", "a", "b"]);
    assert.deepEqual(shown([true, text("a")], [true, text("a"), note("begun again"), text("b")]), [
      "a",
      "begun again",
      "b",
    ]);
  });
});
