import assert from "node:assert/strict";
import { advance, beginning, type Effect, type Story, type StoryEvent } from "../../../src/demo/story.ts";

const NOON = Date.UTC(2026, 10, 21, 12, 0);

/** Plays events from the beginning; `elapsed` is repeated for as long as the agent works. */
function play(...events: (StoryEvent | "until it stops working")[]): { story: Story; effects: Effect[] } {
  let { story } = beginning;
  const effects: Effect[] = [];
  const apply = (event: StoryEvent) => {
    const next = advance(story, event, NOON);
    story = next.story;
    effects.push(...next.effects);
  };
  for (const event of events) {
    if (event !== "until it stops working") apply(event);
    else while (story.phase.name === "working") apply({ type: "elapsed" });
  }
  return { story, effects };
}

const say = (text: string): StoryEvent => ({ type: "submitted", text });
const press = (key: string): StoryEvent => ({ type: "answered", key });
const statuses = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.type === "status" ? [effect.status] : []));
const said = (effects: readonly Effect[]) => effects.flatMap((effect) => (effect.type === "say" ? [effect.text] : []));

describe("the demo agent", () => {
  it("works at a prompt and answers", () => {
    const { story, effects } = play(say("hello"), "until it stops working");
    assert.equal(story.phase.name, "composing");
    assert.deepEqual(
      statuses(effects).map(({ state }) => state),
      ["working", "idle"],
    );
    assert.match(said(effects).at(-1) ?? "", /^Done: hello/);
  });

  it("asks a permission, and says for what", () => {
    const { story, effects } = play(say("needs permission"), "until it stops working");
    assert.equal(story.phase.name, "asking");
    assert.deepEqual(statuses(effects).at(-1), {
      state: "blocked",
      kind: "permission",
      message: "May I run `rm -r build`?",
    });
  });

  it("goes on when it is allowed to", () => {
    const { effects } = play(say("permission"), "until it stops working", press("y"), "until it stops working");
    assert.deepEqual(
      statuses(effects).map(({ state }) => state),
      ["working", "blocked", "working", "idle"],
    );
  });

  it("stops when it is refused", () => {
    const { story, effects } = play(say("permission"), "until it stops working", press("n"));
    assert.equal(story.phase.name, "composing");
    assert.equal(statuses(effects).at(-1)?.state, "idle");
  });

  it("waits for an answer that fits", () => {
    assert.equal(play(say("permission"), "until it stops working", press("x")).story.phase.name, "asking");
    assert.equal(play(say("question"), "until it stops working", press("y")).story.phase.name, "asking");
    assert.equal(play(say("question"), "until it stops working", press("2")).story.phase.name, "working");
  });

  it("reports a usage limit, and when it resets", () => {
    const { effects } = play(say("limit"), "until it stops working");
    assert.deepEqual(statuses(effects).at(-1), {
      state: "error",
      message: `You've hit your 5-hour limit · resets ${new Date(NOON + 2 * 60 * 60 * 1000).toISOString()}`,
    });
  });

  it("has a limit that resets when it is told to", () => {
    const { message } = statuses(play(say("limit 30s"), "until it stops working").effects).at(-1) ?? {};
    const resets = Date.parse(message?.split("resets ")[1] ?? "");
    // Its steps take a moment before that.
    assert.ok(resets >= NOON + 30_000 && resets < NOON + 60_000, message);
  });

  it("fails on cue", () => {
    assert.equal(statuses(play(say("fail"), "until it stops working").effects).at(-1)?.state, "error");
  });

  it("works for a minute when told to, unless it is cancelled", () => {
    const { story, effects } = play(say("a long one"));
    assert.deepEqual(effects.at(-1), { type: "wait", ms: 60_000 });
    const cancelled = advance(story, { type: "escaped" }, NOON);
    assert.equal(cancelled.story.phase.name, "composing");
    assert.deepEqual(cancelled.effects[0], { type: "stop-waiting" });
  });

  it("ends when told to, with the exit code it is told", () => {
    assert.deepEqual(play(say("exit")).effects.at(-1), { type: "end", exitCode: 0 });
    assert.deepEqual(play(say("exit 3")).effects.at(-1), { type: "end", exitCode: 3 });
    assert.deepEqual(play({ type: "input-ended" }).effects.at(-1), { type: "end", exitCode: 0 });
  });

  it("takes one Ctrl-C as a cancel and two within a second as the end", () => {
    const once = play(say("long"), { type: "interrupted" });
    assert.equal(once.story.phase.name, "composing");
    assert.equal(advance(once.story, { type: "interrupted" }, NOON + 999).story.phase.name, "ended");
    assert.equal(advance(once.story, { type: "interrupted" }, NOON + 1_000).story.phase.name, "composing");
  });

  it("takes no prompt while it works", () => {
    const { story } = play(say("long"), say("another"));
    assert.deepEqual(story.phase.name === "working" && story.phase.prompt, "long");
  });

  it("says nothing to an empty prompt", () => {
    assert.deepEqual(play(say("  ")).effects, []);
  });
});
