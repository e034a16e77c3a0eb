import assert from "node:assert/strict";
import type { TaskState } from "../../../src/protocol/states.ts";
import type { Activity } from "../../../src/server/agents/reading.ts";
import type { Conclusion } from "../../../src/server/sessions/state/conclude.ts";
import {
  afterSessionEnd,
  changedPrompts,
  followConclusion,
  mergeUsage,
  newPromptTask,
  promptTitle,
} from "../../../src/server/tasks/prompt-tasks.ts";
import { aReason, aSession } from "../../support/entities.ts";

const prompt = newPromptTask(aSession(), { key: "k1", text: "Fix the cart\nand test it", at: 2_000 });

function concluded(activity: Activity | null, at = 3_000): Conclusion {
  const reason = aReason({ text: "why", at });
  return { state: "RUNNING", reason, source: "hook", activity, request: null, recheckAt: null };
}

describe("a prompt's task", () => {
  it("is called after its first line", () => {
    assert.equal(prompt.title, "Fix the cart");
  });

  it("is over when it was given before the session: the conversation was resumed", () => {
    const past = newPromptTask(aSession({ createdAt: 5_000 }), { key: "k1", text: "Fix the cart", at: 2_000 });
    assert.deepEqual([past.state, past.endedAt], ["DONE", 2_000]);
  });

  it("is the same for the same prompt, and another for another", () => {
    const again = newPromptTask(aSession(), { key: "k1", text: "whatever", at: 9 });
    const other = newPromptTask(aSession(), { key: "k2", text: "whatever", at: 9 });
    assert.equal(again.id, prompt.id);
    assert.notEqual(other.id, prompt.id);
  });

  const table: [Activity, TaskState][] = [
    ["working", "RUNNING"],
    ["waiting", "WAITING_USER"],
    ["idle", "DONE"],
    ["interrupted", "CANCELLED"],
    ["failed", "ERROR"],
    ["limited", "BLOCKED"],
  ];
  for (const [activity, state] of table) {
    it(`is ${state} when its session is ${activity}`, () => {
      assert.equal(followConclusion(prompt, concluded(activity)).state, state);
    });
  }

  it("does not end with a turn that ended before it was given", () => {
    assert.equal(followConclusion(prompt, concluded("idle", 1_999)), prompt);
  });

  it("stays ended when the session goes on", () => {
    const done = followConclusion(prompt, concluded("idle"));
    assert.equal(followConclusion(done, concluded("working", 9_000)), done);
  });

  it("is CANCELLED when that the turn was interrupted is told after that it is over", () => {
    const done = followConclusion(prompt, concluded("idle", 3_000));
    assert.equal(followConclusion(done, concluded("interrupted", 2_990)).state, "CANCELLED");
  });

  it("is CANCELLED when its interruption is told together with the next prompt, which goes on", () => {
    const interrupted = { type: "activity", activity: "interrupted", text: "why", signal: "line" } as const;
    const next = { type: "prompt", key: "k2", text: "Now this" } as const;
    const signals = [
      { source: "transcript", at: 2_500, reading: interrupted },
      { source: "transcript", at: 2_900, reading: next },
    ] as const;
    const changed = changedPrompts(aSession(), [prompt], signals, concluded("working"));
    assert.deepEqual(
      changed.map(({ title, state }) => [title, state]),
      [
        ["Fix the cart", "CANCELLED"],
        ["Now this", "RUNNING"],
      ],
    );
  });

  it("is not CANCELLED by the late word that the turn before it was interrupted", () => {
    const late = { type: "activity", activity: "interrupted", text: "why", signal: "hook", turnId: "k0" } as const;
    const signals = [{ source: "hook", at: 2_500, reading: late }] as const;
    assert.deepEqual(changedPrompts(aSession(), [prompt], signals, concluded("working")), []);
    const own = [{ source: "hook", at: 2_500, reading: { ...late, turnId: "k1" } }] as const;
    const [cancelled] = changedPrompts(aSession(), [prompt], own, concluded("idle"));
    assert.equal(cancelled?.state, "CANCELLED");
  });

  it("is DONE when its end is told together with the next prompt, whatever becomes of that", () => {
    const ended = { type: "activity", activity: "idle", text: "why", signal: "line" } as const;
    const next = { type: "prompt", key: "k2", text: "Now this" } as const;
    const signals = [
      { source: "transcript", at: 2_500, reading: ended },
      { source: "transcript", at: 2_900, reading: next },
    ] as const;
    const changed = changedPrompts(aSession(), [prompt], signals, concluded("interrupted", 9_000));
    assert.deepEqual(
      changed.map(({ state, endedAt }) => [state, endedAt]),
      [
        ["DONE", 2_500],
        ["CANCELLED", 9_000],
      ],
    );
  });

  it("stays DONE when the next turn fails", () => {
    const done = followConclusion(prompt, concluded("idle", 3_000));
    assert.equal(followConclusion(done, concluded("failed", 3_200)), done);
  });

  it("is left alone when nothing is known of its session", () => {
    assert.equal(followConclusion(prompt, concluded(null)), prompt);
  });

  it("says why it did not end well", () => {
    assert.equal(followConclusion(prompt, concluded("failed")).details, "why");
  });
});

describe("the plan that a person accepts while an agent works on a prompt", () => {
  const accepted = (text: string, at = 2_500, key = "k1") =>
    ({ source: "transcript", at, reading: { type: "plan", key, text } }) as const;

  it("is kept in that prompt's task", () => {
    const [changed, ...others] = changedPrompts(aSession(), [prompt], [accepted("1. Look")], null);
    assert.deepEqual([changed?.id, changed?.plan, changed?.updatedAt, others], [prompt.id, "1. Look", 2_500, []]);
  });

  it("changes nothing when it is told again", () => {
    const planned = { ...prompt, plan: "1. Look", updatedAt: 4_000 };
    assert.deepEqual(changedPrompts(aSession(), [planned], [accepted("1. Look")], null), []);
  });

  it("gives way to a later one", () => {
    const signals = [accepted("1. Look"), accepted("1. Look twice", 2_900)];
    assert.equal(changedPrompts(aSession(), [prompt], signals, null)[0]?.plan, "1. Look twice");
  });

  it("is kept with a prompt that is told of at the same time", () => {
    const next = { source: "transcript", at: 2_800, reading: { type: "prompt", key: "k2", text: "And now" } } as const;
    const changed = changedPrompts(aSession(), [prompt], [next, accepted("1. Look", 2_900, "k2")], null);
    assert.deepEqual(
      changed.map(({ title, plan }) => [title, plan]),
      [["And now", "1. Look"]],
    );
  });

  it("is nobody's whose prompt is not known", () => {
    assert.deepEqual(changedPrompts(aSession(), [prompt], [accepted("1. Look", 2_500, "other")], null), []);
  });
});

describe("a prompt that was open when its session ended", () => {
  it("is DONE when the program ended well by itself", () => {
    assert.equal(afterSessionEnd(prompt, aSession({ state: "DONE", exitCode: 0, endedAt: 9_000 })).state, "DONE");
  });

  it("is CANCELLED when a person ended the session", () => {
    assert.equal(
      afterSessionEnd(prompt, aSession({ state: "DONE", exitCode: 143, endedAt: 9_000 })).state,
      "CANCELLED",
    );
  });

  it("is ERROR when the session failed", () => {
    assert.equal(afterSessionEnd(prompt, aSession({ state: "ERROR", exitCode: 1, endedAt: 9_000 })).state, "ERROR");
  });
});

describe("a prompt's title", () => {
  const table: [text: string, title: string][] = [
    ["\n\n  Fix   the\tcart \nmore", "Fix the cart"],
    ["   ", "(empty prompt)"],
    ["x".repeat(500), `${"x".repeat(119)}…`],
    ["🦊".repeat(200), `${"🦊".repeat(119)}…`],
  ];
  for (const [text, title] of table) {
    it(`of ${JSON.stringify(text.slice(0, 20))} is ${JSON.stringify(title.slice(0, 20))}`, () => {
      assert.equal(promptTitle(text), title);
    });
  }
});

describe("usage", () => {
  it("takes the newer numbers, and keeps what they do not tell", () => {
    const before = mergeUsage(null, { inputTokens: 5, outputTokens: 1 });
    assert.deepEqual(mergeUsage(before, { outputTokens: 4, costUsd: 0.1 }), {
      inputTokens: 5,
      outputTokens: 4,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      costUsd: 0.1,
    });
  });
});
