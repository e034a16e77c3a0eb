import assert from "node:assert/strict";
import { ProgramSignals, type ProgramWords } from "../../../src/ptyhost/program-signals.ts";
import { ManualClock } from "../../support/manual-clock.ts";

function makeSignals() {
  const clock = new ManualClock();
  const answers: string[] = [];
  const told: ProgramWords[] = [];
  const signals: ProgramSignals = new ProgramSignals({
    clock,
    onAnswer: (answer) => answers.push(answer),
    onChanged: () => told.push(signals.words),
    isInForeground: null,
  });
  return { clock, signals, answers, told, write: (text: string) => signals.wrote(Buffer.from(text)) };
}

describe("what a program says of itself", () => {
  it("is nothing while it writes text, and nothing is told", () => {
    const { signals, told, write } = makeSignals();
    write("You've hit your limit. Permission required. 9;4;1 \x1b[31m]0;title\x1b[m");
    const { title, progress, notification, bell, shell } = signals.words.signals;
    assert.deepEqual(
      [signals.words.status, title, progress, notification, bell, shell, told.length],
      [null, null, null, null, null, null, 0],
    );
  });

  it("is told with its time", () => {
    const { clock, signals, write } = makeSignals();
    clock.advance(1000);
    write(
      "\x1b]0;a title\x07\x1b]9;4;1;40\x07\x1b]777;notify;Title;Body\x07\x1b]133;D;3\x07\x1b]7501;state=idle\x07\x07",
    );
    assert.deepEqual(signals.words, {
      status: { state: "idle", app: null, kind: null, message: null },
      statusAt: 1000,
      signals: {
        title: { text: "a title", at: 1000 },
        progress: { state: "normal", percent: 40, at: 1000 },
        notification: { title: "Title", body: "Body", at: 1000 },
        bell: { at: 1000 },
        shell: { state: "prompt", exitCode: 3, at: 1000 },
        restedAt: null,
      },
    });
  });

  it("answers the query of the Program Status Protocol", () => {
    const { answers, write } = makeSignals();
    write("\x1b]7501;?\x07");
    assert.deepEqual(answers, ["\x1b]7501;?\x1b\\"]);
  });

  it("is no news when it says the same again", () => {
    const { clock, signals, told, write } = makeSignals();
    const all = "\x1b]2;t\x07\x1b]9;4;3\x07\x1b]7501;state=idle\x07\x1b]133;A\x07";
    write(all);
    clock.advance(2000);
    const before = { told: told.length, words: signals.words };
    write(all);
    assert.deepEqual({ told: told.length, words: signals.words }, before);
  });

  it("is taken back by an empty title, by progress that is over, and by a status that is cleared", () => {
    const { signals, write } = makeSignals();
    write("\x1b]2;t\x07\x1b]9;4;3\x07\x1b]7501;state=idle\x07");
    write("\x1b]2;\x07\x1b]9;4;0\x07\x1b]7501;state=clear\x07");
    const { title, progress } = signals.words.signals;
    assert.deepEqual([signals.words.status, title, progress], [null, null, null]);
  });

  it("cannot hide anything from the person, and is bounded", () => {
    const { signals, write } = makeSignals();
    write(`\x1b]0;a\u202eb\u2066c ${"x".repeat(5000)}\x07\x1b]9;a\u202eb\u2066c ${"x".repeat(5000)}\x07`);
    const { title, notification } = signals.words.signals;
    assert.match(title?.text ?? "", /^abc x{496}$/);
    assert.match(notification?.body ?? "", /^abc x{996}$/);
  });
});

describe("the news of what a program says of itself", () => {
  it("is a few messages for a spinner of a thousand titles in a hundred seconds", () => {
    const { clock, signals, told, write } = makeSignals();
    for (let frame = 1; frame <= 1000; frame++) {
      write(`\x1b]0;frame ${frame}\x07`);
      clock.advance(100);
    }
    clock.advance(250);
    assert.equal(signals.words.signals.title?.text, "frame 1000");
    assert.equal(told.at(-1)?.signals.title?.text, "frame 1000");
    assert.ok(told.length <= 401, `${told.length} messages`);
  });

  it("is the first title at once, and the last of those that follow soon", () => {
    const { clock, told, write } = makeSignals();
    const titles = () => told.map(({ signals }) => signals.title?.text);
    for (const title of ["one", "two", "three"]) write(`\x1b]0;${title}\x07`);
    assert.deepEqual(titles(), ["one"]);
    clock.advance(250);
    assert.deepEqual(titles(), ["one", "three"]);
  });

  for (const [what, urgent] of [
    ["a status", "\x1b]7501;state=blocked\x07"],
    ["a notification", "\x1b]9;look\x07"],
    ["a bell", "\x07"],
    ["a shell's mark", "\x1b]133;A\x07"],
  ] as const) {
    it(`is ${what} at once, whatever was told just now`, () => {
      const { told, write } = makeSignals();
      write("\x1b]0;one\x07\x1b]0;two\x07");
      write(urgent);
      assert.equal(told.length, 2);
      assert.equal(told[1]?.signals.title?.text, "two");
    });
  }

  it("is few messages for a flood of what is urgent, with the last word in the end", () => {
    const { clock, told, write } = makeSignals();
    for (let n = 0; n < 10_000; n++) write(`\x1b]9;number ${n}\x07`);
    clock.advance(250);
    assert.ok(told.length < 20, `${told.length} messages`);
    assert.equal(told.at(-1)?.signals.notification?.body, "number 9999");
  });

  it("ends with the program", () => {
    const { clock, signals, told, write } = makeSignals();
    write("\x1b]0;one\x07\x1b]0;two\x07");
    signals.end();
    clock.advance(10_000);
    assert.equal(told.length, 1);
  });
});

describe("output that comes to rest", () => {
  it("has rested once it was quiet for half a second", () => {
    const { clock, signals, told, write } = makeSignals();
    for (let n = 0; n < 10; n++) {
      write("busy");
      clock.advance(499);
    }
    assert.equal(signals.words.signals.restedAt, null);
    clock.advance(1);
    assert.deepEqual(
      told.map((words) => words.signals.restedAt),
      [10 * 499 + 1],
    );
  });

  it("is not told again before there is more", () => {
    const { clock, told, write } = makeSignals();
    write("busy");
    clock.advance(60_000);
    assert.equal(told.length, 1);
    write("busy");
    clock.advance(60_000);
    assert.equal(told.length, 2);
  });
});
