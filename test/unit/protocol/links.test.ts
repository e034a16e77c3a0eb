import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLink, sessionLink } from "../../../src/protocol/links.ts";

describe("a link", () => {
  it("names what it shows", () => {
    assert.deepEqual(parseLink("/session/7k2mxq4n9p"), { kind: "session", id: "7k2mxq4n9p" });
    assert.deepEqual(parseLink("/worktree/w-12"), { kind: "worktree", id: "w-12" });
    assert.deepEqual(parseLink("/task/claude-1763700000000-0abc9def1"), {
      kind: "task",
      id: "claude-1763700000000-0abc9def1",
    });
    assert.deepEqual(parseLink("/dashboard"), { kind: "dashboard", section: null });
    assert.deepEqual(parseLink("/dashboard/limits"), { kind: "dashboard", section: "limits" });
  });

  for (const path of [
    "",
    "/",
    "/session",
    "/session/",
    "/session/7k2mxq4n9p/end",
    "/session/../token",
    "/session/a b",
    "/session/a\u202eb",
    `/session/${"a".repeat(201)}`,
    "/dashboard/secrets",
    "/resume/7k2mxq4n9p",
    "session/7k2mxq4n9p",
    "//session/7k2mxq4n9p",
  ]) {
    it(`that is ${JSON.stringify(path.slice(0, 40))} is none of ours`, () => assert.equal(parseLink(path), null));
  }

  it("to a session is read as it was made", () => {
    const ids = fc.stringMatching(/^[23456789abcdefghjkmnpqrstvwxyz]{10}$/);
    fc.assert(
      fc.property(ids, (id) => {
        const { protocol, host, pathname } = new URL(sessionLink("vscode-insiders", id));
        assert.deepEqual([protocol, host], ["vscode-insiders:", "tally.tally"]);
        assert.deepEqual(parseLink(decodeURIComponent(pathname)), { kind: "session", id });
      }),
    );
  });

  it("that is anything at all is read or refused, and never fails", () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        parseLink(path);
      }),
    );
  });
});
