import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { WorkAtRisk } from "../../../src/protocol/worktrees.ts";
import { isAtRisk, removalQuestion, riskLines } from "../../../src/presentation/removal-words.ts";
import { aProcess, aSession, aWorktree } from "../../support/entities.ts";

const nothing = { sessions: [], processes: [] };

describe("what is asked before a worktree is removed", () => {
  it("says where it is, and that all of it is kept", () => {
    const { message, detail } = removalQuestion(aWorktree(), aRisk(), nothing);
    assert.equal(message, "Remove worktree feature-payment?");
    assert.match(detail, /^\/home\/me\/shop-feature-payment\n\nAll that is in it is kept as a snapshot first/);
  });

  it("lists the work that exists nowhere else", () => {
    const { detail } = removalQuestion(aWorktree(), aRisk({ uncommitted: ["src/cart.ts"] }), nothing);
    assert.match(detail, /1 file with changes that are not committed:\n {4}src\/cart\.ts/);
  });

  it("says what is ended with it", () => {
    const running = { sessions: [aSession(), aSession()], processes: [aProcess()] };
    assert.match(removalQuestion(aWorktree(), aRisk(), running).detail, /2 sessions and 1 process will be ended\./);
  });
});

describe("the list of work at risk", () => {
  it("names the first few of many, because a dialog cannot be scrolled", () => {
    const untracked = Array.from({ length: 7 }, (_, index) => `file-${index}`);
    const lines = riskLines(aRisk({ untracked }));
    assert.equal(lines[0], "7 files that git does not know:");
    assert.equal(lines.at(-1), "    and 2 more");
    assert.equal(lines.length, 7);
  });

  it("shows what a file's name would hide", () => {
    assert.match(riskLines(aRisk({ untracked: ["a\u202eb\nc"] })).join("|"), /a<U\+202E>b c/);
  });

  it("says what git is in the middle of", () => {
    assert.deepEqual(riskLines(aRisk({ underWay: "a rebase" })), ["In the middle of a rebase."]);
  });

  it("is empty where nothing would be lost", () => {
    assert.equal(isAtRisk(aRisk()), false);
    assert.equal(isAtRisk(aRisk({ unpushed: ["abc1234 Add it"] })), true);
  });
});

function aRisk(fields: Partial<WorkAtRisk> = {}): WorkAtRisk {
  return { uncommitted: [], untracked: [], unpushed: [], inside: [], underWay: null, ...fields };
}
