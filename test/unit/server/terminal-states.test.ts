import assert from "node:assert/strict";
import { ProgramSignals } from "../../../src/ptyhost/program-signals.ts";
import type { PtyInfo } from "../../../src/protocol/ptyhost.ts";
import type { AgentAdapter } from "../../../src/server/agents/adapter.ts";
import { claude } from "../../../src/server/agents/claude.ts";
import { codex } from "../../../src/server/agents/codex.ts";
import { command } from "../../../src/server/agents/command.ts";
import { gemini } from "../../../src/server/agents/gemini.ts";
import { conclude } from "../../../src/server/sessions/state/conclude.ts";
import { noEvidence, withdraw, witness } from "../../../src/server/sessions/state/evidence.ts";
import { terminalSignals } from "../../../src/server/sessions/state/terminal-signals.ts";
import { newTracking } from "../../../src/server/sessions/state/tracking.ts";
import { aPty } from "../../support/entities.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { recordedStreams } from "../../support/terminal-streams.ts";

/** Each recorded program's adapter, and the states that its terminal alone leads to. */
const stories: readonly [name: string, adapter: AgentAdapter, states: readonly string[]][] = [
  ["claude-2.1.329", claude, ["RUNNING", "IDLE", "RUNNING", "WAITING_USER", "RUNNING", "IDLE", "RUNNING"]],
  ["claude-2.1.197", claude, ["RUNNING"]],
  ["codex-0.169.0", codex, ["IDLE", "RUNNING", "WAITING_USER", "RUNNING", "IDLE"]],
  ["gemini-0.61.0", gemini, ["IDLE", "RUNNING", "WAITING_USER"]],
  ["bash", command, ["IDLE", "RUNNING", "IDLE", "RUNNING", "IDLE", "RUNNING", "IDLE", "RUNNING", "IDLE", "RUNNING"]],
];

/** Longer than what is coalesced into one change. */
const COALESCED_MS = 300;

describe("the states that a recorded terminal stream leads to", () => {
  for (const [name, adapter, states] of stories) {
    const stream = recordedStreams.get(name) ?? Buffer.alloc(0);

    it(`are those of ${name}`, () => {
      assert.deepEqual(statesOf(adapter, [stream]), states);
    });

    it(`are the same wherever ${name} is cut`, () => {
      for (let cut = 1; cut < stream.length; cut++) {
        const parts = [stream.subarray(0, cut), stream.subarray(cut)];
        assert.deepEqual(statesOf(adapter, parts), states, `cut at ${cut}`);
      }
    });
  }
});

/** Every state once for as long as it lasts, from what the terminal alone tells. */
function statesOf({ reads, label }: AgentAdapter, parts: readonly Buffer[]): string[] {
  const { whereabouts } = newTracking(
    { expects: [], whereabouts: {}, conversationId: null, continuesItself: false },
    "/work",
    false,
    0,
  );
  const clock = new ManualClock();
  const states: string[] = [];
  let evidence = noEvidence;
  let before: PtyInfo = aPty();
  const signals = new ProgramSignals({
    clock,
    onAnswer: () => undefined,
    onChanged: () => {
      const after = aPty(signals.words, signals.words.signals);
      if (before.status && !after.status) evidence = withdraw(evidence, "program-status");
      for (const signal of terminalSignals(reads, whereabouts, before, after, clock.now())) {
        evidence = witness(evidence, signal);
      }
      before = after;
      const now = clock.now();
      const { state } = conclude(evidence, { agentLabel: label, expects: [], runningSince: 0, now });
      if (states.at(-1) !== state) states.push(state);
      // What changes all the time is told of once in a while; here time passes with every change, whatever piece it came in.
      clock.advance(COALESCED_MS);
    },
    isInForeground: null,
  });
  for (const part of parts) signals.wrote(part);
  clock.advance(1_000);
  return states;
}
