import assert from "node:assert/strict";
import { setImmediate as settled } from "node:timers/promises";
import type { ShellState } from "../../../src/ptyhost/shell-marks.ts";
import { ShellWatch } from "../../../src/ptyhost/shell-watch.ts";
import { ManualClock } from "../../support/manual-clock.ts";

/** A shell, and who has its terminal: `null` where that cannot be known. */
function makeShell(hasTerminal: boolean | null) {
  const clock = new ManualClock();
  const told: ShellState[] = [];
  const world = { hasTerminal, looks: 0 };
  const watch = new ShellWatch({
    clock,
    isInForeground: () => {
      world.looks++;
      return Promise.resolve(world.hasTerminal);
    },
    onChanged: (state) => told.push(state),
  });
  const advance = async (ms: number) => {
    clock.advance(ms);
    await settled();
  };
  return { world, watch, told, advance };
}

const prompt = { state: "prompt", exitCode: null } as const;
const command = { state: "command", exitCode: null } as const;

describe("a shell without marks", () => {
  it("waits for a command while it has the terminal itself, and runs one while another has it", async () => {
    const shell = makeShell(true);
    shell.watch.outputRested();
    await settled();
    shell.world.hasTerminal = false;
    shell.watch.outputRested();
    await settled();
    assert.deepEqual(shell.told, [prompt, command]);
  });

  it("is told of only when that has changed", async () => {
    const shell = makeShell(true);
    for (let n = 0; n < 3; n++) {
      shell.watch.outputRested();
      await settled();
    }
    assert.deepEqual(shell.told, [prompt]);
  });

  it("is looked at once after input, when that has been quiet for a moment", async () => {
    const shell = makeShell(false);
    for (let key = 0; key < 5; key++) {
      shell.watch.gotInput();
      await shell.advance(100);
    }
    assert.equal(shell.world.looks, 0);
    await shell.advance(50);
    assert.deepEqual(shell.told, [command]);
    await shell.advance(60_000);
    assert.equal(shell.world.looks, 1);
  });

  it("is not spoken of where it cannot be known who has the terminal, nor after its end", async () => {
    const unknown = makeShell(null);
    unknown.watch.outputRested();
    const ended = makeShell(true);
    ended.watch.outputRested();
    ended.watch.end();
    await settled();
    assert.deepEqual([...unknown.told, ...ended.told], []);
  });
});

describe("a shell that marks its prompts", () => {
  it("is believed alone", async () => {
    const shell = makeShell(true);
    shell.watch.marked("A");
    await settled();
    shell.watch.marked("C");
    shell.watch.gotInput();
    shell.watch.outputRested();
    await shell.advance(1000);
    assert.deepEqual(shell.told, [prompt, command]);
    assert.equal(shell.world.looks, 1);
  });

  it("is believed when the mark comes while one looks", async () => {
    const shell = makeShell(true);
    shell.watch.outputRested();
    shell.watch.marked("D;3");
    await settled();
    assert.deepEqual(shell.told, [{ state: "prompt", exitCode: 3 }]);
  });

  it("speaks within another, as over ssh, until that one has the terminal again", async () => {
    const shell = makeShell(false);
    shell.watch.marked("A");
    shell.watch.outputRested();
    await settled();
    assert.deepEqual(shell.told, [prompt]);
    shell.watch.marked("C");
    shell.world.hasTerminal = true;
    shell.watch.outputRested();
    await settled();
    shell.world.hasTerminal = false;
    shell.watch.gotInput();
    await shell.advance(150);
    assert.deepEqual(shell.told, [prompt, command, prompt, command]);
  });

  it("is looked at no more often for a flood of marks than one look takes", async () => {
    const shell = makeShell(false);
    for (let n = 0; n < 1000; n++) {
      shell.watch.marked("A");
      shell.watch.marked("C");
    }
    await settled();
    assert.equal(shell.world.looks, 1);
  });
});
