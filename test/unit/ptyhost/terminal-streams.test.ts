import assert from "node:assert/strict";
import fc from "fast-check";
import { noTerminalSignals } from "../../../src/protocol/ptyhost.ts";
import { ProgramSignals, type ProgramWords } from "../../../src/ptyhost/program-signals.ts";
import { SequenceReader, type TerminalSequence } from "../../../src/ptyhost/sequence-reader.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordedStreams } from "../../support/terminal-streams.ts";

/** What each recorded program says of itself, in order. */
const expected: Readonly<Record<string, readonly string[]>> = {
  "claude-2.1.329": [
    "title: ✳ Claude Code",
    "status: idle",
    "title: Claude Code",
    "status: working",
    "progress: indeterminate",
    "status: blocked, approve Bash: touch x",
    "progress: none",
    "status: working",
    "progress: indeterminate",
    "status: done",
    "progress: none",
    "status: working",
    "progress: indeterminate",
    "progress: none",
    "status: none",
    "title: none",
  ],
  "claude-2.1.197": [
    "title: ✳ Claude Code",
    "progress: indeterminate",
    "title: ⠂ Claude Code",
    "title: ✳ Claude Code",
    "progress: none",
    "title: none",
  ],
  "codex-0.169.0": [
    "title: work",
    "status: idle",
    "title: ⠋ work",
    "title: work",
    "status: working",
    "title: ⠴ work",
    "title: ⠦ work",
    "status: blocked",
    ...["⠧", "⠇", "⠏", "⠋", "⠙", "⠹", "⠸", "⠼"].map((spinner) => `title: ${spinner} work`),
    "title: [ . ] Action Required | work",
    "title: [ ! ] Action Required | work",
    "title: ⠋ work",
    "status: working",
    "title: ⠙ work",
    "title: work",
    "status: done",
    "status: idle",
    "title: none",
    "status: none",
  ],
  "gemini-0.61.0": [
    "title: ◇ Ready (work)",
    "title: ✦ Working… (work)",
    "title: ✋ Action Required (work)",
    "notification: Gemini CLI needs your attention | Approval required | Approve tool action: Confirm Shell Command",
  ],
  bash: [
    "shell: prompt 0",
    "title: work",
    "shell: command",
    "shell: prompt 0",
    "shell: command",
    "shell: prompt 3",
    "shell: command",
    "bell",
    "progress: normal",
    "progress: none",
    "shell: prompt 0",
    "shell: command",
    "shell: prompt 0",
    "shell: command",
  ],
};

describe("what recorded programs say of themselves", () => {
  it("is expected of every recording", () => {
    assert.deepEqual([...recordedStreams.keys()].sort(), Object.keys(expected).sort());
  });

  for (const [name, stream] of recordedStreams) {
    it(`is read from ${name} in its order, byte by byte`, () => {
      assert.deepEqual(saidIn(stream), expected[name]);
    });

    it(`is the same wherever ${name} is cut in two`, () => {
      const whole = sequencesIn([stream]);
      for (let cut = 1; cut < stream.length; cut++) {
        assert.deepEqual(sequencesIn([stream.subarray(0, cut), stream.subarray(cut)]), whole, `cut at ${cut}`);
      }
    });

    it(`is the same in whatever pieces ${name} comes, with hostile bytes around it`, () => {
      fc.assert(
        fc.property(
          fc.uint8Array({ maxLength: 64 }),
          fc.uint8Array({ maxLength: 64 }),
          fc.array(fc.nat(stream.length), { maxLength: 50 }),
          (before, after, cuts) => {
            const cancel = Buffer.of(0x18);
            const all = Buffer.concat([before, cancel, stream, cancel, after]);
            const whole = sequencesIn([all]);
            assert.deepEqual(sequencesIn(pieces(all, cuts)), whole);
            const alone = sequencesIn([stream]);
            const start = sequencesIn([Buffer.concat([before, cancel])]).length;
            assert.deepEqual(whole.slice(start, start + alone.length), alone);
          },
        ),
        { numRuns: 30 },
      );
    });
  }
});

function sequencesIn(parts: readonly Buffer[]): TerminalSequence[] {
  const sequences: TerminalSequence[] = [];
  const reader = new SequenceReader((sequence) => sequences.push(sequence));
  for (const part of parts) reader.read(part);
  return sequences;
}

function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.toSorted((a, b) => a - b), bytes.length];
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

function saidIn(stream: Buffer): string[] {
  const clock = new ManualClock();
  const signals = new ProgramSignals({
    clock,
    onAnswer: () => undefined,
    onChanged: () => undefined,
    isInForeground: null,
  });
  const said: string[] = [];
  let before: ProgramWords = { status: null, statusAt: null, signals: noTerminalSignals };
  for (const byte of stream) {
    clock.advance(1);
    signals.wrote(Buffer.of(byte));
    const { status, signals: now } = signals.words;
    const { title, progress, notification, bell, shell } = now;
    if (status !== before.status)
      said.push(`status: ${status ? status.state + (status.message ? `, ${status.message}` : "") : "none"}`);
    if (title !== before.signals.title) said.push(`title: ${title?.text ?? "none"}`);
    if (progress !== before.signals.progress) said.push(`progress: ${progress?.state ?? "none"}`);
    if (notification !== before.signals.notification)
      said.push(`notification: ${notification?.title ?? ""} | ${notification?.body ?? ""}`);
    if (bell !== before.signals.bell) said.push("bell");
    if (shell !== before.signals.shell) said.push(`shell: ${shell?.state ?? "none"} ${shell?.exitCode ?? ""}`.trim());
    before = signals.words;
  }
  return said;
}
