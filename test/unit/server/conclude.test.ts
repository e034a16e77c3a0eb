import assert from "node:assert/strict";
import type { AgentRequest } from "../../../src/protocol/requests.ts";
import type { SessionState } from "../../../src/protocol/states.ts";
import type { Activity, Reading, Signal, SignalSource } from "../../../src/server/agents/reading.ts";
import {
  conclude,
  type Conclusion,
  OUTLIVED_AFTER_MS,
  SPEAKS_WITHIN_MS,
} from "../../../src/server/sessions/state/conclude.ts";
import { type Evidence, noEvidence, notAfter, witness } from "../../../src/server/sessions/state/evidence.ts";

/** Seconds after the start, in which all times of these tests are told. */
type Seconds = number;

const says = (source: SignalSource, activity: Activity, at: Seconds): Signal => ({
  source,
  at: at * 1000,
  reading: { type: "activity", activity, text: `${source} says ${activity}`, signal: activity },
});
const told = (source: SignalSource, at: Seconds, reading: Reading): Signal => ({ source, at: at * 1000, reading });

const permission = (id = "p1"): Pick<AgentRequest, "id" | "kind" | "title" | "detail" | "questions"> => ({
  id,
  kind: "permission",
  title: "Bash: touch x",
  detail: "touch x",
  questions: [],
});
const asks = (at: Seconds, id?: string): Signal =>
  told("hook", at, { type: "request", request: permission(id), signal: "PermissionRequest hook" });
const requestOver = (at: Seconds, id?: string): Signal =>
  told("hook", at, id === undefined ? { type: "request-over" } : { type: "request-over", id });
const background = (at: Seconds, ...work: string[]): Signal => told("hook", at, { type: "background", work });

function after(signals: readonly Signal[]): Evidence {
  return signals.reduce((evidence, signal) => witness(evidence, signal), noEvidence);
}

function concluded(signals: readonly Signal[], now: Seconds, expects: readonly SignalSource[] = ["hook"]): Conclusion {
  return conclude(after(signals), { agentLabel: "Claude Code", expects, runningSince: 0, now: now * 1000 });
}

describe("the state of an agent, from what its sources say", () => {
  const table: [
    what: string,
    signals: Signal[],
    now: Seconds,
    state: SessionState,
    source: SignalSource | "process",
  ][] = [
    ["nothing yet", [], 1, "STARTING", "process"],
    ["a hook: ready", [says("hook", "idle", 1)], 2, "IDLE", "hook"],
    ["a hook: a turn", [says("hook", "idle", 1), says("hook", "working", 2)], 3, "RUNNING", "hook"],
    ["a turn that ended", [says("hook", "working", 2), says("hook", "idle", 4)], 5, "IDLE", "hook"],
    ["a turn that failed", [says("hook", "working", 2), says("hook", "failed", 4)], 5, "ERROR", "hook"],
    ["a limit", [says("hook", "working", 2), says("hook", "limited", 4)], 5, "PAUSED", "hook"],
    [
      "the dialog in which an agent asks what to do about its limit",
      [says("state-file", "working", 2), says("hook", "limited", 4), says("state-file", "waiting", 4.3)],
      60,
      "PAUSED",
      "hook",
    ],
    [
      "such a dialog that was seen before the limit",
      [says("hook", "working", 2), says("state-file", "waiting", 3.9), says("hook", "limited", 4)],
      60,
      "PAUSED",
      "hook",
    ],
    [
      "a limit of whose turn some last words come late",
      [says("program-status", "working", 2), says("hook", "limited", 4), says("program-status", "working", 4.1)],
      60,
      "PAUSED",
      "hook",
    ],
    [
      "a limit whose source says something else in the same moment",
      [
        says("program-status", "working", 2),
        says("program-status", "limited", 4),
        says("program-status", "working", 4.1),
      ],
      60,
      "PAUSED",
      "program-status",
    ],
    [
      "the turn of a prompt that follows on a limit at once",
      [
        says("transcript", "limited", 4),
        told("hook", 4.3, { type: "prompt", key: "k", text: "And now?" }),
        says("transcript", "working", 4.3),
        says("hook", "idle", 4.8),
      ],
      5,
      "IDLE",
      "hook",
    ],
    [
      "a request in a turn that began after a limit",
      [says("hook", "limited", 4), says("hook", "working", 30), says("state-file", "waiting", 40)],
      60,
      "WAITING_USER",
      "state-file",
    ],
    [
      "a request that its source told of together with a limit, whatever the others say",
      [
        says("transcript", "working", 2),
        says("screen", "limited", 4),
        told("screen", 4, { type: "request", request: permission(), signal: "dialog" }),
        says("transcript", "working", 8),
      ],
      9,
      "PAUSED",
      "screen",
    ],
    [
      "the newer of two reports: Esc, of which no hook tells",
      [says("hook", "working", 2), says("state-file", "working", 2.1), says("state-file", "idle", 4)],
      5,
      "IDLE",
      "state-file",
    ],
    [
      "the older of two reports that arrives late",
      [says("hook", "idle", 4), says("state-file", "working", 2)],
      5,
      "IDLE",
      "hook",
    ],
    [
      "of two words on one end the more specific: failed",
      [says("hook", "working", 2), says("hook", "failed", 4), says("state-file", "idle", 4.1)],
      5,
      "ERROR",
      "hook",
    ],
    [
      "a failure of an earlier turn, when this one ended well",
      [
        says("transcript", "interrupted", 2),
        says("hook", "working", 3),
        says("hook", "idle", 4),
        says("state-file", "idle", 4.1),
      ],
      5,
      "IDLE",
      "state-file",
    ],
    [
      "a strong source, against a title that changes at the same moment",
      [says("hook", "waiting", 3), says("title", "working", 3.5)],
      20,
      "WAITING_USER",
      "hook",
    ],
    [
      "a strong source, against a title that has just changed",
      [says("hook", "working", 3), says("title", "idle", 10)],
      12,
      "RUNNING",
      "hook",
    ],
    [
      "a title that stays with something newer: the strong source is dead",
      [says("hook", "working", 3), says("title", "idle", 10)],
      10 + OUTLIVED_AFTER_MS / 1000,
      "IDLE",
      "title",
    ],
    ["a title alone", [says("title", "working", 3)], 4, "RUNNING", "title"],
    ["the screen alone", [says("screen", "waiting", 3)], 4, "WAITING_USER", "screen"],
    ["a title over the screen", [says("title", "working", 3), says("screen", "waiting", 3.5)], 4, "RUNNING", "title"],
    ["a permission", [says("hook", "working", 2), asks(3)], 4, "WAITING_USER", "hook"],
    [
      "a permission, while a sub-agent's hooks go on",
      [says("hook", "working", 2), asks(3), says("hook", "working", 4)],
      5,
      "WAITING_USER",
      "hook",
    ],
    [
      "a permission that was answered in the terminal",
      [says("hook", "working", 2), says("state-file", "waiting", 3), asks(3.1), says("state-file", "working", 6)],
      7,
      "RUNNING",
      "state-file",
    ],
    [
      "a permission, while the state file is still busy from before",
      [says("state-file", "working", 2), asks(3), says("state-file", "working", 3.2)],
      4,
      "WAITING_USER",
      "hook",
    ],
    [
      "a permission that Esc rejected",
      [says("hook", "working", 2), asks(3), says("state-file", "idle", 6)],
      7,
      "IDLE",
      "state-file",
    ],
    [
      "a permission whose tool has run",
      [says("hook", "working", 2), asks(3), requestOver(4, "p1"), says("hook", "working", 4)],
      5,
      "RUNNING",
      "hook",
    ],
    [
      "the second of two permissions, when the first is over",
      [says("hook", "working", 2), asks(3, "p1"), asks(3.5, "p2"), requestOver(4, "p1")],
      5,
      "WAITING_USER",
      "hook",
    ],
    [
      "a turn that ended with all its permissions",
      [says("hook", "working", 2), asks(3), requestOver(4), says("hook", "idle", 4)],
      5,
      "IDLE",
      "hook",
    ],
    [
      "an ended turn with work in the background",
      [says("hook", "working", 2), background(4, "npm run build"), says("hook", "idle", 4)],
      5,
      "RUNNING",
      "hook",
    ],
    [
      "background work that ended too",
      [says("hook", "idle", 4), background(4, "npm run build"), background(8), says("hook", "idle", 8)],
      9,
      "IDLE",
      "hook",
    ],
  ];
  for (const [what, signals, now, state, source] of table) {
    it(`is ${state} for ${what}`, () => {
      const { reason, ...conclusion } = concluded(signals, now);
      assert.deepEqual([conclusion.state, reason.source], [state, source]);
    });
  }

  it("comes from the title as from a report, where the launch counts on titles", () => {
    const signals = [says("transcript", "interrupted", 3), says("title", "working", 3.5)];
    assert.equal(concluded(signals, 4, ["title", "transcript"]).state, "RUNNING");
    assert.equal(concluded(signals, 4, ["transcript"]).state, "IDLE");
  });

  it("is the same in whatever order the signals of different sources arrive", () => {
    const signals = [says("hook", "working", 2), says("state-file", "working", 2.1), says("state-file", "idle", 4)];
    for (const order of [
      [0, 1, 2],
      [1, 2, 0],
      [1, 0, 2],
      [2, 1, 0],
    ]) {
      const arrived = order.flatMap((index) => signals[index] ?? []);
      assert.equal(concluded(arrived, 5).state, "IDLE", order.join());
    }
  });
});

describe("a state that nobody can vouch for", () => {
  it("is unknown once an agent that should speak has been silent for long", () => {
    const { state, reason } = concluded([], SPEAKS_WITHIN_MS / 1000);
    assert.equal(state, "RUNNING");
    assert.equal(reason.isUnknown, true);
    assert.match(reason.text, /^unknown, because Claude Code has not told/);
  });

  it("says when that will be", () => {
    assert.equal(concluded([], 1).recheckAt, SPEAKS_WITHIN_MS);
  });

  it("is no question of time for a program that never speaks", () => {
    const { state, reason, recheckAt } = concluded([], 3600, []);
    assert.deepEqual([state, reason.isUnknown, recheckAt], ["RUNNING", false, null]);
  });

  it("says when a weaker source will have outlived the stronger one, and then that it has", () => {
    const signals = [says("hook", "working", 3), says("title", "idle", 10)];
    assert.equal(concluded(signals, 12, []).recheckAt, 10_000 + OUTLIVED_AFTER_MS);
    assert.match(concluded(signals, 16, []).reason.caveat ?? "", /has not reported for 13 s/);
  });
});

describe("a source that stopped speaking", () => {
  it("is named once others have seen a turn begin without it", () => {
    const signals = [says("hook", "idle", 1), says("state-file", "idle", 1), says("state-file", "working", 60)];
    assert.equal(concluded(signals, 61).reason.caveat, null);
    assert.match(concluded(signals, 66).reason.caveat ?? "", /Claude Code's hooks are silent/);
  });

  it("is not missed while nothing happens", () => {
    assert.equal(concluded([says("hook", "idle", 1), says("state-file", "idle", 1)], 3600).reason.caveat, null);
  });

  it("is not missed over an end that no hook tells", () => {
    const signals = [says("hook", "working", 2), says("state-file", "working", 2), says("state-file", "idle", 60)];
    assert.equal(concluded(signals, 120).reason.caveat, null);
  });
});

describe("the evidence", () => {
  it("is the same object when a signal says nothing new, so that nothing is written", () => {
    const evidence = after([says("hook", "working", 2), asks(3)]);
    assert.equal(witness(evidence, says("hook", "working", 2)), evidence);
    assert.equal(witness(evidence, asks(3)), evidence);
  });

  it("takes the end of a turn that is told late for no end of the next one", () => {
    const ofTurn = (turnId: string, activity: Activity, at: Seconds): Signal =>
      told("hook", at, { type: "activity", activity, text: activity, signal: activity, turnId });
    const working = after([ofTurn("1", "working", 2), says("transcript", "interrupted", 4), ofTurn("2", "working", 5)]);
    assert.equal(witness(working, ofTurn("1", "interrupted", 6)), working);
    assert.equal(witness(working, ofTurn("2", "interrupted", 6)).words.hook?.activity, "interrupted");
    assert.equal(after([ofTurn("3", "interrupted", 6)]).words.hook?.activity, "interrupted");
  });

  it("takes what comes after the clock was set back for newer", () => {
    const before = after([says("hook", "working", 3_600)]);
    const set = notAfter(before, 10_000);
    const now = witness(set, says("state-file", "idle", 11));
    const circumstances = { agentLabel: "Claude Code", expects: [], runningSince: 0, now: 11_000 };
    assert.equal(conclude(now, circumstances).state, "IDLE");
    assert.equal(notAfter(before, 3_600_000), before);
  });

  it("leaves out a request that is read again after what ended it", () => {
    const request: Reading = { type: "request", request: permission(), signal: "question in the transcript" };
    const signals = [says("transcript", "idle", 4), told("transcript", 3, request)];
    assert.deepEqual(after(signals).requests, []);
    assert.equal(after([...signals, told("transcript", 5, request)]).requests.length, 1);
  });

  it("says that a person answered, when all that is known is from before that", () => {
    const evidence = { ...after([says("hook", "waiting", 3)]), answeredAt: 4_000 };
    const circumstances = { agentLabel: "Claude Code", expects: [], runningSince: 0, now: 5_000 };
    const { state, reason } = conclude(evidence, circumstances);
    assert.deepEqual([state, reason.source], ["RUNNING", "person"]);
  });

  it("keeps a request that is told again, with the hook that waits now", () => {
    const evidence = witness(after([asks(3)]), asks(9), "ask-2");
    assert.deepEqual(
      evidence.requests.map(({ askId, at }) => [askId, at]),
      [["ask-2", 3000]],
    );
  });
});
