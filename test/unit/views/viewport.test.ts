import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import { Viewport } from "../../../src/views/viewport.ts";

const tab = { cols: 100, rows: 30 };
const narrower = { cols: 80, rows: 24 };

describe("a tab whose session has the tab's own size", () => {
  it("is not overridden", () => {
    assert.equal(new Viewport(tab).sessionSized(tab), null);
  });

  it("tells the session when it is resized", () => {
    assert.deepEqual(new Viewport(tab).reported({ cols: 90, rows: 30 }), { cols: 90, rows: 30 });
  });

  it("tells nothing when the same size is reported again", () => {
    assert.equal(new Viewport(tab).reported(tab), null);
  });
});

describe("a tab whose session was sized by another viewer", () => {
  let viewport: Viewport;
  beforeEach(() => (viewport = new Viewport(tab)));

  it("takes the session's size, once", () => {
    assert.deepEqual(viewport.sessionSized(narrower), narrower);
    assert.equal(viewport.sessionSized(narrower), null);
  });

  it("does not take the editor's echo of that size for a resize", () => {
    viewport.sessionSized(narrower);
    assert.equal(viewport.reported(narrower), null);
    assert.deepEqual(viewport.own, tab);
  });

  it("tells the session when it becomes smaller still, in the direction that is known", () => {
    viewport.sessionSized(narrower);
    assert.deepEqual(viewport.reported({ cols: 70, rows: 24 }), { cols: 70, rows: 30 });
  });

  it("has its own size again when the session has", () => {
    viewport.sessionSized(narrower);
    assert.equal(viewport.sessionSized(tab), undefined);
    assert.equal(viewport.reported(tab), null);
  });

  it("tells the session when it was resized meanwhile", () => {
    viewport.sessionSized(narrower);
    viewport.sessionSized(tab);
    assert.deepEqual(viewport.reported({ cols: 120, rows: 40 }), { cols: 120, rows: 40 });
  });

  it("shows what fits of a larger session, and that changes nothing of its own size", () => {
    const larger = { cols: 200, rows: 60 };
    assert.deepEqual(viewport.sessionSized(larger), larger);
    assert.equal(viewport.reported(tab), null);
  });
});
