import assert from "node:assert/strict";
import headless from "@xterm/headless";
import fc from "fast-check";
import { MAX_OSC_BYTES, SequenceReader, type TerminalSequence } from "../../../src/ptyhost/sequence-reader.ts";

function read(...pieces: readonly (string | Uint8Array)[]): TerminalSequence[] {
  const sequences: TerminalSequence[] = [];
  const reader = new SequenceReader((sequence) => sequences.push(sequence));
  for (const piece of pieces) reader.read(Buffer.from(piece));
  return sequences;
}

const osc = (number: number, payload: string): TerminalSequence => ({ type: "osc", number, payload });
const bell: TerminalSequence = { type: "bell" };

describe("reading terminal sequences", () => {
  const cases: readonly (readonly [string, string, readonly TerminalSequence[]])[] = [
    ["an OSC that a bell ends", "\x1b]0;title\x07", [osc(0, "title")]],
    ["an OSC that ST ends", "\x1b]2;title\x1b\\", [osc(2, "title")]],
    ["an OSC that the one-character ST ends", "\x1b]2;title\u009c", [osc(2, "title")]],
    ["an OSC that the one-character OSC starts", "\u009d2;title\x07", [osc(2, "title")]],
    ["one after the other", "a\x1b]0;one\x07b\x1b]9;two\x1b\\c", [osc(0, "one"), osc(9, "two")]],
    ["an OSC without a payload", "\x1b]104\x07", [osc(104, "")]],
    ["a payload with semicolons", "\x1b]777;notify;a;b\x07", [osc(777, "notify;a;b")]],
    ["a payload of all kinds of characters", "\x1b]0;é漢🙂\u00a0\x07", [osc(0, "é漢🙂\u00a0")]],
    ["a payload without the controls in it", "\x1b]0;a\nb\tc\x7f\x07", [osc(0, "abc")]],
    ["a bell", "ding\x07", [bell]],
    ["bells in the middle of other sequences", "\x1b[3\x071m\x1b\x07]0;t\x07", [bell, bell, osc(0, "t")]],
    ["nothing in an OSC without a number", "\x1b];text\x07\x1b]Ptext\x07", []],
    ["nothing in one that is cancelled", "\x1b]0;one\x18\x07\x1b]0;two\x1a\x07", [bell, bell]],
    ["nothing in one that a one-character control breaks off", "\x1b]0;one\u0085two\x07", [bell]],
    ["an OSC at an escape, which starts the next", "\x1b]0;one\x1b]0;two\x07", [osc(0, "one"), osc(0, "two")]],
    ["no OSC in what only looks like one", "\x1b(]0;one\x07", [bell]],
    [
      "nothing within DCS, SOS, PM and APC strings",
      "\x1bPa\x07\x1b\\\x1bXb\x07\x1b\\\x1b^c\x07\x1b\\\x1b_d\x07\x1b\\",
      [],
    ],
    [
      "nothing within the same that start with one character",
      "\u0090a\x07\u009c\u0098b\x07\u009c\u009fc\x07\u009c",
      [],
    ],
    ["nothing that tmux is to pass through", "\x1bPtmux;\x1b\x1b]0;t\x07\x1b\x1b]9;x\x1b\x1b\\\x1b\\\x07", [bell]],
    ["an OSC after a string that never ended", "\x1bPq\x1b]0;title\x07", [osc(0, "title")]],
  ];
  for (const [what, stream, expected] of cases) {
    it(`finds ${what}`, () => {
      assert.deepEqual(read(stream), expected);
    });
  }

  it("takes bare bytes of the eight-bit controls for nothing, as a terminal in UTF-8 does", () => {
    assert.deepEqual(read(Buffer.from("\x9d0;one\x07", "latin1")), [bell]);
  });

  it("keeps only the beginning of a payload that is too long", () => {
    const [sequence] = read(`\x1b]0;${"é".repeat(MAX_OSC_BYTES)}\x07`);
    assert.equal(sequence?.type === "osc" && sequence.payload, "é".repeat((MAX_OSC_BYTES - 2) / 2));
  });

  for (const start of ["\x1b]0;", "\x1b]52;c;", "\x1bP", "\x1b_", "\x1b[", "\x1b"]) {
    it(`still finds what comes after a megabyte of ${JSON.stringify(start)} without an end`, () => {
      const endless = Array.from({ length: 256 }, () => Buffer.alloc(4096, "A"));
      assert.deepEqual(read(start, ...endless, "\x1b]9;still here\x07").at(-1), osc(9, "still here"));
    });
  }

  it("finds the next sequence after any bytes that are cancelled", () => {
    fc.assert(
      fc.property(hostileBytes, (hostile) => {
        assert.deepEqual(read(hostile, "\x18\x1b]9;still here\x07").at(-1), osc(9, "still here"));
      }),
    );
  });

  it("finds the same wherever the stream is cut", () => {
    fc.assert(
      fc.property(hostileBytes, fc.infiniteStream(fc.integer({ min: 1, max: 7 })), (hostile, lengths) => {
        const pieces: Uint8Array[] = [];
        for (let at = 0; at < hostile.length;) {
          const length = Number(lengths.next().value);
          pieces.push(hostile.subarray(at, (at += length)));
        }
        assert.deepEqual(read(...pieces), read(hostile));
      }),
    );
  });

  it("finds what xterm.js finds, outside of strings that are passed on", () => {
    fc.assert(
      fc.property(fc.array(plainToken, { maxLength: 40 }), (tokens) => {
        const stream = tokens.join("");
        const known = read(stream).filter((each) => each.type === "bell" || knownToOracle.includes(each.number));
        assert.deepEqual(known, readByXterm(stream));
      }),
      { numRuns: 300 },
    );
  });
});

const tokens = [
  ...["\x1b", "\x1b]", "\x1b[", "\x1b(", "\x1b\\", "\x07", "\x18", "\x1a", "\n", "]", "[", ";", "\\"],
  ...[
    "0",
    "2",
    "9;",
    "0;",
    "7501;",
    "?",
    "m",
    "text",
    "é",
    "漢",
    "🙂",
    "\u00a0",
    "\u009d",
    "\u009c",
    "\u009b",
    "\u0085",
  ],
];
const plainToken = fc.constantFrom(...tokens);
const hostileBytes = fc
  .array(
    fc.oneof(
      plainToken.map((token) => Buffer.from(token)),
      fc.constantFrom("\x1bP", "\x1b_", "\x1b^", "\x1b\x1b", "\u0090", "\u009f").map((token) => Buffer.from(token)),
      fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.concat(parts));

const knownToOracle: readonly number[] = [0, 2, 9, 7501];

/** What xterm.js, which all of our viewers are, makes of the same bytes. */
function readByXterm(stream: string): TerminalSequence[] {
  const found: TerminalSequence[] = [];
  const terminal = new headless.Terminal({ scrollback: 0, allowProposedApi: true, logLevel: "off" });
  terminal.onBell(() => found.push(bell));
  for (const number of knownToOracle) {
    terminal.parser.registerOscHandler(number, (payload) => {
      found.push(osc(number, payload.replace(/\p{Cc}/gu, "")));
      return true;
    });
  }
  terminal.input("");
  terminal.write(Buffer.from(stream));
  terminal.dispose();
  return found;
}
