import assert from "node:assert/strict";
import { mock } from "node:test";
import { exitWhenUnused } from "../../../src/ptyhost/exit-when-unused.ts";

describe("an unused host", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  function makeHost() {
    const host = { used: false, exits: 0 };
    const check = exitWhenUnused({ graceMs: 100, isUsed: () => host.used, exit: () => host.exits++ });
    return { host, check };
  }

  it("exits when nobody comes within its grace", () => {
    const { host } = makeHost();
    mock.timers.tick(100);
    assert.equal(host.exits, 1);
  });

  it("stays while it is used, and has its whole grace again afterwards", () => {
    const { host, check } = makeHost();
    mock.timers.tick(99);
    host.used = true;
    check();
    mock.timers.tick(1000);
    host.used = false;
    check();
    mock.timers.tick(99);
    assert.equal(host.exits, 0);
    mock.timers.tick(1);
    assert.equal(host.exits, 1);
  });
});
