import assert from "node:assert/strict";
import { followedTask } from "../../../../src/server/session-api/followed-task.ts";
import { FakeTasks } from "./fake-tasks.ts";

describe("a task that is followed", () => {
  let tasks: FakeTasks;
  let gone: AbortController;
  beforeEach(() => {
    tasks = new FakeTasks();
    gone = new AbortController();
  });

  const follow = () => followedTask(tasks, "run1", gone.signal);
  const next = async (frames: ReturnType<typeof follow>) => {
    const { value } = await frames.next();
    return value && [value.task.state, ...value.entries.map(({ text }) => text)];
  };

  it("tells what was so far, what happens, and its end", async () => {
    tasks.does({ state: "RUNNING" }, "one", "two");
    const frames = follow();
    assert.deepEqual(await next(frames), ["RUNNING", "one", "two"]);
    const third = next(frames);
    tasks.does({}, "three");
    assert.deepEqual(await third, ["RUNNING", "three"]);
    tasks.does({ state: "DONE" });
    assert.deepEqual(await next(frames), ["DONE"]);
    assert.equal(await next(frames), undefined);
    assert.equal(tasks.followers, 0);
  });

  it("tells at once what happened while nobody asked", async () => {
    const frames = follow();
    await next(frames);
    tasks.does({ state: "RUNNING" }, "one");
    tasks.does({}, "two");
    tasks.does({ state: "ERROR" }, "three");
    assert.deepEqual(await next(frames), ["ERROR", "one", "two", "three"]);
  });

  it("tells that it left out what was too much at once", async () => {
    const frames = follow();
    await next(frames);
    tasks.does({}, ...Array.from({ length: 10_002 }, (_, index) => String(index)));
    const [, note, first] = (await next(frames))!;
    assert.match(note!, /^2 entries are left out/);
    assert.equal(first, "2");
  });

  it("is left alone when nobody listens any more", async () => {
    const frames = follow();
    await next(frames);
    const waiting = frames.next();
    gone.abort();
    assert.deepEqual(await waiting, { value: undefined, done: true });
    assert.equal(tasks.followers, 0);
  });
});
