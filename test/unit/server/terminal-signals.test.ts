import assert from "node:assert/strict";
import type { AgentReads } from "../../../src/server/agents/adapter.ts";
import type { TimedReading } from "../../../src/server/agents/reading.ts";
import { newTracking } from "../../../src/server/sessions/state/tracking.ts";
import { terminalSignals } from "../../../src/server/sessions/state/terminal-signals.ts";
import { aPty } from "../../support/entities.ts";

const NOW = 9_000;
const { whereabouts } = newTracking(
  { expects: [], whereabouts: {}, conversationId: null, continuesItself: false },
  "/work",
  false,
  0,
);

const working = (signal: string): TimedReading[] => [{ type: "activity", activity: "working", text: "works", signal }];
const reads: AgentReads = { title: (title) => working(title), progress: (state) => working(state) };
const status = { state: "blocked", app: "codex", kind: "permission", message: "approve: touch x" } as const;

describe("the signals of a terminal", () => {
  it("are none when nothing changed", () => {
    const pty = aPty({ status, statusAt: 5 }, { title: { text: "Ready", at: 5 } });
    assert.deepEqual(terminalSignals(reads, whereabouts, pty, pty, NOW), []);
  });

  it("are all that is there when the pty is seen for the first time, each with its time", () => {
    const pty = aPty({ status, statusAt: 5 }, { title: { text: "Ready", at: 6 } });
    assert.deepEqual(
      terminalSignals(reads, whereabouts, null, pty, NOW).map(({ source, at }) => [source, at]),
      [
        ["program-status", 5],
        ["title", 6],
      ],
    );
  });

  it("read OSC 7501 as the protocol defines it, unless the agent's adapter knows better", () => {
    const [signal] = terminalSignals({}, whereabouts, aPty(), aPty({ status, statusAt: 5 }), NOW);
    assert.deepEqual(signal, {
      source: "program-status",
      at: 5,
      reading: {
        type: "activity",
        activity: "waiting",
        text: "codex waits for you: approve: touch x",
        signal: "OSC 7501: blocked",
      },
    });
    const silent = { programStatus: () => [] };
    assert.deepEqual(terminalSignals(silent, whereabouts, aPty(), aPty({ status, statusAt: 5 }), NOW), []);
  });

  it("come again when a program says the same again", () => {
    const signals = terminalSignals({}, whereabouts, aPty({ status, statusAt: 5 }), aPty({ status, statusAt: 8 }), NOW);
    assert.deepEqual(
      signals.map(({ at }) => at),
      [8],
    );
  });

  it("tell of progress that is taken back", () => {
    const before = aPty({}, { progress: { state: "normal", percent: 10, at: 5 } });
    const [signal] = terminalSignals(reads, whereabouts, before, aPty(), NOW);
    assert.deepEqual([signal?.source, signal?.at, signal?.reading], ["progress", NOW, working("none")[0]]);
  });

  it("leave out what the agent's adapter does not read", () => {
    assert.deepEqual(
      terminalSignals({}, whereabouts, aPty(), aPty({}, { title: { text: "make: error", at: 5 } }), NOW),
      [],
    );
  });
});
