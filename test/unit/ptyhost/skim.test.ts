import assert from "node:assert/strict";
import fc from "fast-check";
import { endsBetweenSequences, skim } from "../../../src/ptyhost/skim.ts";
import { SCROLLBACK_ROWS, TerminalModel } from "../../../src/ptyhost/terminal-model.ts";

const ROWS = 4;
const KEEP_LINES = SCROLLBACK_ROWS + 2 * ROWS;

function draw(...parts: (string | Buffer)[]): { shown: string; restore: string } {
  const model = new TerminalModel(
    { cols: 20, rows: ROWS },
    { onAnswer: () => undefined, onCursorQuery: () => undefined },
  );
  for (const part of parts) model.write(Buffer.from(part));
  const drawn = { shown: model.snapshot(), restore: model.restore() };
  model.dispose();
  return drawn;
}

const line = fc
  .array(
    fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "b", " ", "é", "漢", "\t"), maxLength: 12 }),
      fc.constantFrom("\x1b[31m", "\x1b[0m", "\x1b[m", "\x1b[1;4m", "\x1b[48;5;3m", "\x1b[38:2::1:2:3m"),
    ),
    { maxLength: 4 },
  )
  .map((parts) => `${parts.join("")}\r\n`);

describe("skimming a flood", () => {
  it("shows in the end what drawing all of it shows", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("", "old\r\ntext\x1b[41m on\r\nthe screen\x1b[1;3H", "\x1b[3;1H\x1b[32m"),
        fc.array(line, { minLength: 1, maxLength: 8 }),
        fc.array(line, { minLength: 1, maxLength: 8 }),
        fc.constantFrom("", "tail", "\x1b[2J", "\x1b[?1049hin"),
        (before, pattern, later, after) => {
          const flood = Buffer.from(pattern.join("").repeat(300) + later.join("").repeat(400) + after);
          const skimmed = skim(flood, KEEP_LINES);
          assert.deepEqual(draw(before, skimmed ?? flood), draw(before, flood));
        },
      ),
      { numRuns: 25 },
    );
  });

  it("leaves out most of a long log", () => {
    const flood = Buffer.from("\x1b[32mline\x1b[0m of a log\r\n".repeat(20_000));
    const skimmed = skim(flood, KEEP_LINES);
    assert.ok(skimmed && skimmed.length < flood.length / 10);
  });

  it("keeps a flood whose lines are too few to push everything out", () => {
    assert.equal(skim(Buffer.from("x\r\n".repeat(KEEP_LINES - 1)), KEEP_LINES), null);
  });

  it("does not look past the first byte that is more than text", () => {
    const text = "x\r\n".repeat(KEEP_LINES - 2);
    assert.equal(skim(Buffer.from(`first\r\n${text}\x1b[H${text}`), KEEP_LINES), null);
  });

  it("cuts only where a carriage return has set the column", () => {
    assert.equal(skim(Buffer.from("x\n".repeat(KEEP_LINES * 2)), KEEP_LINES), null);
  });
});

describe("whether bytes end between two sequences", () => {
  const between: readonly string[] = [
    "text",
    "\x1b[31m",
    "\x1b[31mtext",
    "\x1b]0;title\x07",
    "\x1b]0;title\x1b\\",
    "\x1b(B",
    "\x1b7",
  ];
  const within: readonly string[] = [
    "\x1b",
    "\x1b[",
    "\x1b[31",
    "\x1b]0;title",
    "\x1bP+q",
    "\x1b_G",
    "\x1b(",
    "\u009d0;title",
    "\x1b[3\n",
  ];

  for (const bytes of between) {
    it(`is so after ${JSON.stringify(bytes)}`, () => {
      assert.equal(endsBetweenSequences(Buffer.from(bytes), true), true);
    });
  }
  for (const bytes of within) {
    it(`is not certain after ${JSON.stringify(bytes)}`, () => {
      assert.equal(endsBetweenSequences(Buffer.from(bytes), true), false);
    });
  }

  it("stays uncertain through text, and is certain again after a whole sequence", () => {
    assert.equal(endsBetweenSequences(Buffer.from("text"), false), false);
    assert.equal(endsBetweenSequences(Buffer.from("text\x1b[m"), false), true);
  });

  it("is not certain when a character is cut that may be a control", () => {
    assert.equal(endsBetweenSequences(Buffer.of(0x61, 0xc2), true), false);
  });
});
