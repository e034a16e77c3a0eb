import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { TreeSettling } from "../../../src/views/tree-settling.ts";
import { goOn, mockTimers, passTime, restoreTimers } from "../../support/mocked-timers.ts";

describe("a tree that waits until the editor has drawn it", () => {
  beforeEach(mockTimers);
  afterEach(restoreTimers);

  /** A tree of an editor whose window answers when it is told to. */
  function aTree() {
    const waiting: (() => void)[] = [];
    const roundTrip = () => new Promise<void>((resolve) => waiting.push(resolve));
    const settling = new TreeSettling({ roundTrip });
    const answer = async () => {
      for (const resolve of waiting.splice(0)) resolve();
      await goOn();
    };
    const untilDrawn = () => {
      const wait = { isOver: false };
      void settling.untilDrawn().then(() => (wait.isOver = true));
      return wait;
    };
    return { settling, untilDrawn, answer, asked: () => waiting.length };
  }

  it("waits for nothing where it has told of nothing", async () => {
    const { untilDrawn, asked } = aTree();
    const wait = untilDrawn();
    await goOn();
    assert.deepEqual([wait.isOver, asked()], [true, 0]);
  });

  it("waits for nothing where that was long ago", async () => {
    const { settling, untilDrawn, asked } = aTree();
    settling.told();
    await passTime(2_010);
    const wait = untilDrawn();
    await goOn();
    assert.deepEqual([wait.isOver, asked()], [true, 0]);
  });

  it("waits until the editor's window has answered twice", async () => {
    const { settling, untilDrawn, answer } = aTree();
    settling.told();
    const wait = untilDrawn();
    await answer();
    assert.equal(wait.isOver, false);
    await answer();
    assert.equal(wait.isOver, true);
  });

  it("waits on while the editor asks for rows", async () => {
    const { settling, untilDrawn, answer } = aTree();
    settling.told();
    const wait = untilDrawn();
    await answer();
    settling.asked();
    await answer();
    await answer();
    assert.equal(wait.isOver, false);
    await answer();
    assert.equal(wait.isOver, true);
  });

  it("waits for a change that the editor keeps for a while, as it does with one that comes soon after another", async () => {
    const { settling, untilDrawn, answer, asked } = aTree();
    settling.told();
    await passTime(50);
    settling.told();
    const wait = untilDrawn();
    await passTime(200);
    assert.deepEqual([wait.isOver, asked()], [false, 0]);
    await passTime(50);
    await answer();
    await answer();
    assert.equal(wait.isOver, true);
  });

  it("asks at once about one that is not kept", async () => {
    const { settling, untilDrawn, asked } = aTree();
    settling.told();
    await passTime(250);
    settling.told();
    untilDrawn();
    await goOn();
    assert.equal(asked(), 1);
  });

  it("waits no longer than a second, even if the editor asks on and on", async () => {
    const { settling, untilDrawn, answer } = aTree();
    settling.told();
    const wait = untilDrawn();
    for (let waitedMs = 0; waitedMs < 1_100; waitedMs += 10) {
      await passTime(10);
      settling.asked();
      await answer();
    }
    assert.equal(wait.isOver, true);
  });

  it("waits for rows that the editor has just asked for by itself", async () => {
    const { settling, untilDrawn, answer } = aTree();
    settling.asked();
    const wait = untilDrawn();
    await answer();
    assert.equal(wait.isOver, false);
    await answer();
    assert.equal(wait.isOver, true);
  });

  it("waits no longer than a second for an editor that answers no more", async () => {
    const { settling, untilDrawn } = aTree();
    settling.told();
    const wait = untilDrawn();
    await passTime(990);
    assert.equal(wait.isOver, false);
    await passTime(10);
    assert.equal(wait.isOver, true);
  });

  it("does without an answer where the editor closes", async () => {
    const settling = new TreeSettling({ roundTrip: () => Promise.reject(new Error("Canceled")) });
    settling.told();
    await settling.untilDrawn();
  });

  it("takes a moment to notice that something else has the keyboard", async () => {
    const { settling, answer } = aTree();
    const wait = { isOver: false };
    void settling.untilNoticed().then(() => (wait.isOver = true));
    await answer();
    await passTime(90);
    assert.equal(wait.isOver, false);
    await passTime(10);
    assert.equal(wait.isOver, true);
  });
});
