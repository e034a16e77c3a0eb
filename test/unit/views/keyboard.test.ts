import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { giveKeyboard, standStillForKeyboard } from "../../../src/views/keyboard.ts";
import { deferred } from "../../support/deferred.ts";
import { goOn, mockTimers, passTime, restoreTimers } from "../../support/mocked-timers.ts";

describe("what is given the keyboard", () => {
  const story: string[] = [];
  let restless: { dispose(): void };
  beforeEach(() => {
    story.length = 0;
    mockTimers();
    restless = standStillForKeyboard(() => {
      story.push("stands still");
      return Promise.resolve(() => story.push("goes on"));
    });
  });
  afterEach(() => {
    restless.dispose();
    restoreTimers();
  });

  it("is shown while what shows changes by itself stands still", async () => {
    const shown = await giveKeyboard(() => {
      story.push("is shown");
      return "a list";
    });
    await goOn();
    assert.equal(shown, "a list");
    assert.deepEqual(story, ["stands still", "is shown", "goes on"]);
  });

  it("is shown only when all of that stands still", async () => {
    const slow = deferred<() => void>();
    const other = standStillForKeyboard(() => slow.promise);
    const shown = giveKeyboard(() => story.push("is shown"));
    await goOn();
    assert.deepEqual(story, ["stands still"]);
    slow.resolve(() => story.push("the other goes on"));
    await shown;
    await goOn();
    other.dispose();
    assert.deepEqual(story, ["stands still", "is shown", "goes on", "the other goes on"]);
  });

  it("may take a while, for which that goes on standing still", async () => {
    const opened = deferred();
    await giveKeyboard(
      () => story.push("is shown"),
      () => opened.promise,
    );
    await goOn();
    assert.deepEqual(story, ["stands still", "is shown"]);
    opened.resolve();
    await goOn();
    assert.deepEqual(story, ["stands still", "is shown", "goes on"]);
  });

  it("keeps nothing still for long when it does not come", async () => {
    await giveKeyboard(
      () => story.push("is shown"),
      () => new Promise(() => undefined),
    );
    await passTime(2_000);
    assert.deepEqual(story, ["stands still", "is shown", "goes on"]);
  });

  it("keeps nothing still when it cannot be shown", async () => {
    const cannot = () => {
      throw new Error("there is no place for it");
    };
    await assert.rejects(giveKeyboard(cannot), /no place/);
    assert.deepEqual(story, ["stands still", "goes on"]);
  });

  it("is not waited for by what is gone", async () => {
    restless.dispose();
    await giveKeyboard(() => story.push("is shown"));
    assert.deepEqual(story, ["is shown"]);
  });
});
