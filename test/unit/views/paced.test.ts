import assert from "node:assert/strict";
import { mock } from "node:test";
import { afterEach, beforeEach, describe, it } from "mocha";
import { Paced } from "../../../src/views/paced.ts";

describe("a view that is drawn at a pace", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  function paced(): { pace: Paced; drawn: () => number } {
    const draw = mock.fn();
    return { pace: new Paced(draw, 50), drawn: () => draw.mock.callCount() };
  }

  it("is drawn right away for the first change", () => {
    const { pace, drawn } = paced();
    pace.request();
    assert.equal(drawn(), 1);
  });

  it("is drawn once more for all that come within a frame", () => {
    const { pace, drawn } = paced();
    for (let n = 0; n < 20; n++) pace.request();
    assert.equal(drawn(), 1);
    mock.timers.tick(50);
    assert.equal(drawn(), 2);
    mock.timers.tick(500);
    assert.equal(drawn(), 2);
  });

  it("is drawn right away again after a quiet frame", () => {
    const { pace, drawn } = paced();
    pace.request();
    mock.timers.tick(50);
    pace.request();
    assert.equal(drawn(), 2);
  });

  it("is drawn no more once it is gone", () => {
    const { pace, drawn } = paced();
    pace.request();
    pace.request();
    pace.dispose();
    mock.timers.tick(500);
    assert.equal(drawn(), 1);
  });
});
