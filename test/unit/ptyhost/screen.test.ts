import assert from "node:assert/strict";
import { Screen } from "../../../src/ptyhost/screen.ts";

function makeScreen(now = Date.now) {
  const answers: string[] = [];
  const errors: unknown[] = [];
  const overloads: boolean[] = [];
  const screen = new Screen(
    { cols: 20, rows: 4 },
    {
      onAnswer: (answer) => answers.push(answer),
      onCursorQuery: () => undefined,
      onOverload: (overloaded) => overloads.push(overloaded),
      onError: (error) => errors.push(error),
    },
    now,
  );
  const caughtUp = () => new Promise<void>((resolve) => screen.whenCaughtUp(resolve));
  return { screen, answers, errors, overloads, caughtUp };
}

describe("a screen", () => {
  it("takes bytes, resizes and callbacks in the order in which they were given", async () => {
    const { screen, caughtUp } = makeScreen();
    const seen: string[] = [];
    screen.write(Buffer.from("one"), false);
    screen.whenCaughtUp(() => seen.push(`${screen.size.cols}:${screen.text()}`));
    screen.resize({ cols: 30, rows: 4 });
    screen.write(Buffer.from(" two"), false);
    screen.whenCaughtUp(() => seen.push(`${screen.size.cols}:${screen.text()}`));
    await caughtUp();
    assert.deepEqual(seen, ["20:one\n", "30:one two\n"]);
  });

  it("answers queries in bytes that are to be answered, and in no others", async () => {
    const { screen, answers, caughtUp } = makeScreen();
    screen.write(Buffer.from("\x1b[5n"), false);
    screen.write(Buffer.from("\x1b[c"), true);
    screen.write(Buffer.from("\x1b[6n"), false);
    await caughtUp();
    assert.deepEqual(answers, ["\x1b[?1;2c"]);
  });

  it("finds a sequence and a character that are cut at any byte", async () => {
    const bytes = Buffer.from("漢🙂\x1b]0;title\x1b\\\x1b[5n!");
    for (let cut = 1; cut < bytes.length; cut++) {
      const { screen, answers, caughtUp } = makeScreen();
      screen.write(bytes.subarray(0, cut), true);
      screen.write(bytes.subarray(cut), true);
      await caughtUp();
      assert.deepEqual(answers, ["\x1b[0n"]);
      assert.equal(screen.text(), "漢🙂!\n");
    }
  });

  it("parses a flood in portions although it comes in small pieces, and everything else at once", async () => {
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    const { screen, caughtUp } = makeScreen(() => 0);
    screen.write(Buffer.from("quiet\r\n"), false);
    await turn();
    assert.equal(screen.text(), "quiet\n");
    for (let piece = 0; piece < 32; piece++) {
      screen.write(Buffer.from(`piece ${piece}\r\n${" \r\n".repeat(1000)}`), false);
      await turn();
    }
    assert.ok(!screen.text().includes("piece 31"));
    screen.write(Buffer.from("end\r\n"), false);
    await caughtUp();
    assert.match(screen.text(), /end\n$/);
  });

  it("ends a flood with the same screen as if it had come slowly", async () => {
    const flood = Buffer.from(Array.from({ length: 40_000 }, (_, n) => `\x1b[3${n % 8}mline ${n}\r\n`).join(""));
    const fast = makeScreen();
    fast.screen.write(flood, false);
    await fast.caughtUp();
    const slow = makeScreen();
    for (let at = 0; at < flood.length; at += 16_384) slow.screen.write(flood.subarray(at, at + 16_384), at % 2 === 0);
    await slow.caughtUp();
    assert.equal(fast.screen.snapshot(), slow.screen.snapshot());
    assert.match(fast.screen.text(), /line 39999\n$/);
  });

  it("says when it cannot keep up, and when it has caught up", async () => {
    const { screen, overloads, caughtUp } = makeScreen();
    for (let megabytes = 0; megabytes < 5; megabytes++) screen.write(Buffer.alloc(1024 * 1024, "\x1b[1Gx"), false);
    assert.deepEqual(overloads, [true]);
    await caughtUp();
    assert.deepEqual(overloads, [true, false]);
  });

  it("goes on after the terminal emulator failed on a sequence", async () => {
    const { screen, errors, caughtUp } = makeScreen();
    // xterm.js 6.0 throws when everything above the last cell is erased.
    screen.write(Buffer.from("lost\x1b[4;20H\x1b[1J"), false);
    await caughtUp();
    screen.write(Buffer.from("still here"), false);
    await caughtUp();
    assert.equal(errors.length, 1);
    assert.equal(screen.text(), "still here\n");
  });

  it("has nothing to show or restore before the first byte", () => {
    const { screen } = makeScreen();
    assert.deepEqual([screen.snapshot(), screen.text(), screen.restore()], ["", "", ""]);
  });
});
