import assert from "node:assert/strict";
import fc from "fast-check";
import { parseProgramStatus } from "../../../src/ptyhost/program-status.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

function statusOf(payload: string) {
  const message = parseProgramStatus(payload);
  assert.equal(message?.type, "status");
  return message.status;
}

describe("the Program Status Protocol", () => {
  it("knows the query", () => {
    assert.deepEqual(parseProgramStatus("?"), { type: "query" });
  });

  it("reads a state with all that goes with it", () => {
    assert.deepEqual(statusOf(`state=blocked:app=claude:kind=permission:msg=${base64("approve Bash: touch é")}`), {
      state: "blocked",
      app: "claude",
      kind: "permission",
      message: "approve Bash: touch é",
    });
  });

  it("reads a state alone", () => {
    assert.deepEqual(statusOf("state=idle"), { state: "idle", app: null, kind: null, message: null });
  });

  it("takes clear for no status", () => {
    assert.equal(statusOf("state=clear:app=codex"), null);
  });

  it("ignores the status of a job beside the turn", () => {
    assert.equal(parseProgramStatus("state=working:app=claude-code:id=a2a083b9b7033028f:title=c3ViIGpvYg=="), null);
    assert.equal(parseProgramStatus("state=clear:id=a2a083b9b7033028f"), null);
  });

  for (const payload of ["", "state=dancing", "app=claude", "state", "=idle", "state=idle;app=x"]) {
    it(`ignores ${JSON.stringify(payload)}`, () => {
      assert.equal(parseProgramStatus(payload), null);
    });
  }

  it("ignores keys that it does not know", () => {
    assert.equal(statusOf("state=working:colour=red:__proto__=x")?.state, "working");
  });

  it("keeps the state when the message is no base64, or no UTF-8", () => {
    assert.equal(statusOf("state=working:msg=%%%")?.message, null);
    assert.equal(statusOf(`state=working:msg=${Buffer.of(0xff, 0xfe).toString("base64")}`)?.message, null);
  });

  it("cuts a long message at 500 characters", () => {
    assert.equal(statusOf(`state=working:msg=${base64("é".repeat(5000))}`)?.message?.length, 500);
  });

  it("leaves out control characters and those that turn the writing direction", () => {
    assert.equal(statusOf(`state=error:msg=${base64("a\x1b[2Jb\u202ec\nd\u0007")}`)?.message, "a[2Jbc d");
  });

  it("survives anything, and never grows it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ unit: "binary" }), (key, text) => {
        const message = parseProgramStatus(`state=working:${key}:msg=${base64(text)}`);
        const status = message?.type === "status" ? message.status : null;
        assert.ok((status?.message?.length ?? 0) <= 500);
        assert.doesNotMatch(JSON.stringify(status), /\\u00[01]/);
      }),
    );
  });
});
