import assert from "node:assert/strict";
import { formatAge } from "../../../src/cli/screen/age.ts";
import { coloured, plain, styleFor } from "../../../src/cli/screen/style.ts";
import { formatTable } from "../../../src/cli/screen/table.ts";
import { columnsOf, cutTo, printable } from "../../../src/cli/screen/width.ts";

const cells = (...texts: string[]) => texts.map((text) => ({ text }));

describe("a table", () => {
  it("sets its columns under each other", () => {
    const rows = [cells("ID", "TITLE"), cells("abcdef", "Fix"), cells("x", "Longer title")];
    assert.deepEqual(formatTable(rows, { style: plain, width: null }), [
      "ID      TITLE",
      "abcdef  Fix",
      "x       Longer title",
    ]);
  });

  it("cuts its last column to the terminal's width", () => {
    const rows = [cells("id", "A title that is too long")];
    assert.deepEqual(formatTable(rows, { style: plain, width: 12, indent: "  " }), ["  id  A tit…"]);
  });

  it("cuts a text to make room for its tail, and a tail that leaves none of it", () => {
    const shown = (tail: string, width: number) =>
      formatTable([[{ text: "A title that is too long", tail }]], { style: plain, width });
    assert.deepEqual(shown(" · starts at 10:49", 31), ["A title that… · starts at 10:49"]);
    assert.deepEqual(shown(" · wants to run something", 24), ["A title… · wants to run…"]);
  });

  it("aligns by what a terminal shows, not by characters", () => {
    const rows = [cells("日本", "|"), cells("abcd", "|"), cells("👩‍💻x", "|")];
    assert.deepEqual(formatTable(rows, { style: plain, width: null }), ["日本  |", "abcd  |", "👩‍💻x   |"]);
  });

  it("ends no line in blanks", () => {
    const rows = [cells("ID", "TITLE"), cells("abcdef", "")];
    assert.deepEqual(formatTable(rows, { style: plain, width: 80 }), ["ID      TITLE", "abcdef"]);
  });

  it("pads before it colours", () => {
    const [first] = formatTable([[{ text: "a", style: "red" }, { text: "b" }], cells("ccc", "d")], {
      style: coloured,
      width: null,
    });
    assert.equal(first, "\x1b[31ma  \x1b[0m  b");
  });

  it("lets no title act on the terminal", () => {
    assert.deepEqual(formatTable([cells("\x1b[2Jhi\nthere")], { style: plain, width: null }), [" [2Jhi there"]);
  });
});

describe("the width of text", () => {
  it("is two columns for wide characters and emoji, none for marks", () => {
    assert.deepEqual(
      ["abc", "日本語", "🚀", "❤️", "🇩🇪", "e\u0301", "👨‍👩‍👧", "ｗ", ""].map(columnsOf),
      [3, 6, 2, 2, 2, 1, 2, 2, 0],
    );
  });

  it("is never exceeded by a cut, which splits no character", () => {
    assert.equal(cutTo("日本語", 4), "日…");
    assert.equal(cutTo("👩‍💻👩‍💻👩‍💻", 5), "👩‍💻👩‍💻…");
    assert.equal(cutTo("short", 5), "short");
  });

  it("does not count what cannot be printed", () => {
    assert.equal(printable("a\x1b]0;x\x07b\u009b1m"), "a ]0;x b 1m");
  });

  it("is not rearranged by what turns the direction of writing", () => {
    assert.equal(printable("fix \u202egnp.exe"), "fix  gnp.exe");
  });
});

describe("an age", () => {
  it("is given in the largest unit that fits", () => {
    assert.deepEqual([0, 59_999, 60_000, 3_599_000, 3_600_000, 86_400_000, -5].map(formatAge), [
      "0s",
      "59s",
      "1m",
      "59m",
      "1h",
      "1d",
      "0s",
    ]);
  });
});

describe("colour", () => {
  const terminal = { isTTY: true };
  const pipe = {};

  it("is for terminals", () => {
    assert.equal(styleFor(terminal, {}), coloured);
    assert.equal(styleFor(pipe, {}), plain);
    assert.equal(styleFor(terminal, { TERM: "dumb" }), plain);
  });

  it("is left out with NO_COLOR", () => {
    assert.equal(styleFor(terminal, { NO_COLOR: "1" }), plain);
    assert.equal(styleFor(terminal, { NO_COLOR: "" }), coloured);
  });

  it("is forced, or forbidden, with FORCE_COLOR", () => {
    assert.equal(styleFor(pipe, { FORCE_COLOR: "1", NO_COLOR: "1" }), coloured);
    assert.equal(styleFor(terminal, { FORCE_COLOR: "0" }), plain);
  });
});
