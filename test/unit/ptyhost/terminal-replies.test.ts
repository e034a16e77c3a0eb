import assert from "node:assert/strict";
import { TerminalReplies, type InputToken } from "../../../src/ptyhost/terminal-replies.ts";

/** What came out, neighbours of one kind joined. */
function joined(tokens: readonly InputToken[]): [InputToken["kind"], string][] {
  const result: [InputToken["kind"], string][] = [];
  for (const { kind, bytes } of tokens) {
    const last = result.at(-1);
    if (kind === "typed" && last?.[0] === kind) last[1] += bytes.toString();
    else result.push([kind, bytes.toString()]);
  }
  return result;
}

const replies: Readonly<Record<string, string>> = {
  DA1: "\x1b[?62;4;22c",
  DA2: "\x1b[>0;276;0c",
  DA3: "\x1bP!|00000000\x1b\\",
  DSR: "\x1b[0n",
  "colour scheme": "\x1b[?997;1n",
  CPR: "\x1b[12;40R",
  DECXCPR: "\x1b[?12;40R",
  DECRPM: "\x1b[?2004;1$y",
  XTVERSION: "\x1bP>|xterm(390)\x1b\\",
  DECRPSS: "\x1bP1$r0m\x1b\\",
  XTGETTCAP: "\x1bP1+r544e=787465726d\x1b\\",
  "background colour": "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
  "palette colour, ended by BEL": "\x1b]4;1;rgb:cdcd/0000/0000\x07",
  "kitty keyboard flags": "\x1b[?5u",
  "window size in pixels": "\x1b[4;600;800t",
  "window size in cells": "\x1b[8;24;80t",
  "kitty graphics": "\x1b_Gi=31;OK\x1b\\",
};

const keys: Readonly<Record<string, string>> = {
  letters: "hello é漢🙂",
  arrow: "\x1b[A",
  "arrow with modifiers": "\x1b[1;5C",
  "application arrow": "\x1bOA",
  F5: "\x1b[15~",
  "Alt and a letter": "\x1bx",
  "Alt and ]": "\x1b]x",
  "Alt and P": "\x1bPx",
  "twice Escape": "\x1b\x1b",
  "a kitty key": "\x1b[97;5u",
  "Shift and Tab": "\x1b[Z",
  "a paste that holds a reply": "\x1b[200~\x1b]11;rgb:0/0/0\x07 \x1b[?1;2c\x1b[201~",
};

describe("the recogniser of terminal replies", () => {
  for (const [name, reply] of Object.entries(replies)) {
    it(`tells ${name} from what is typed around it, wherever the stream is cut`, () => {
      const input = Buffer.from(`ab${reply}cd`);
      for (let cut = 0; cut <= input.length; cut++) {
        const recogniser = new TerminalReplies();
        const tokens = [...recogniser.push(input.subarray(0, cut)), ...recogniser.push(input.subarray(cut))];
        assert.deepEqual(joined([...tokens, ...recogniser.flush()]), [
          ["typed", "ab"],
          ["reply", reply],
          ["typed", "cd"],
        ]);
      }
    });
  }

  for (const [name, key] of Object.entries(keys)) {
    it(`lets ${name} through, wherever the stream is cut`, () => {
      const input = Buffer.from(key);
      for (let cut = 0; cut <= input.length; cut++) {
        const recogniser = new TerminalReplies();
        const tokens = [...recogniser.push(input.subarray(0, cut)), ...recogniser.push(input.subarray(cut))];
        const all = [...tokens, ...recogniser.flush()];
        assert.ok(all.every(({ kind }) => kind === "typed"));
        assert.deepEqual(Buffer.concat(all.map(({ bytes }) => bytes)), input);
      }
    });
  }

  it("takes a position in the first row's first columns for a reply or F3", () => {
    assert.deepEqual(joined(new TerminalReplies().push(Buffer.from("\x1b[1;2R"))), [
      ["cursor-reply-or-f3", "\x1b[1;2R"],
    ]);
  });

  it("tells the Program Status Protocol's answer apart", () => {
    const tokens = new TerminalReplies().push(Buffer.from("\x1b]7501;?\x1b\\"));
    assert.deepEqual(joined(tokens), [["program-status-reply", "\x1b]7501;?\x1b\\"]]);
  });

  for (const report of ["\x1b[I", "\x1b[O", "\x1b[<0;10;5M", "\x1b[<0;10;5m", "\x1b[M !!", "\x1b[32;10;5M"]) {
    it(`knows the report ${JSON.stringify(report)}, which nobody typed`, () => {
      assert.deepEqual(joined(new TerminalReplies().push(Buffer.from(report))), [["report", report]]);
    });
  }

  it("holds back a lone escape until it is flushed", () => {
    const recogniser = new TerminalReplies();
    assert.deepEqual(recogniser.push(Buffer.from("\x1b")), []);
    assert.equal(recogniser.heldBytes, 1);
    assert.deepEqual(joined(recogniser.flush()), [["typed", "\x1b"]]);
  });

  it("finds the end of a paste that is flushed in the middle of it", () => {
    const recogniser = new TerminalReplies();
    recogniser.push(Buffer.from("\x1b[200~text\x1b[20"));
    recogniser.flush();
    recogniser.push(Buffer.from("1~"));
    assert.deepEqual(joined(recogniser.push(Buffer.from("\x1b[?1;2c"))), [["reply", "\x1b[?1;2c"]]);
  });

  it("gives up on a reply without an end, so that memory is bounded", () => {
    const recogniser = new TerminalReplies();
    recogniser.push(Buffer.from(`\x1b]52;c;${"A".repeat(1_200_000)}`));
    assert.equal(recogniser.heldBytes, 0);
  });
});
