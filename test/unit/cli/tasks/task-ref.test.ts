import assert from "node:assert/strict";
import { shortId, taskMeant } from "../../../../src/cli/tasks/task-ref.ts";
import { UsageError } from "../../../../src/cli/usage.ts";
import { aRun } from "../../../support/entities.ts";

const cart = aRun({ id: "claude-1795279163832-b4bcgg71m", title: "Fix the cart" });
const carts = aRun({ id: "claude-1795279163840-b4xx00yy1", title: "Fix the carts of guests" });
const lights = aRun({ id: "codex-1795279164978-2wwjaubr4", title: "Lights" });
const tasks = [cart, carts, lights];

describe("a word that means a task", () => {
  const meant = (ref: string) => taskMeant(ref, tasks)?.id ?? null;

  it("is its id, the end of it that is listed, or a part of either", () => {
    for (const ref of [lights.id, "2wwjaubr4", "2wwj", "ubr4", "codex-17", shortId(lights.id)]) {
      assert.equal(meant(ref), lights.id, ref);
    }
  });

  it("is its title or the beginning of that, in either case", () => {
    assert.deepEqual([meant("lights"), meant("LIG")], [lights.id, lights.id]);
  });

  it("is the whole title before it is the beginning of another", () => {
    assert.equal(meant("Fix the cart"), cart.id);
  });

  it("means none where it is like none, or so short that it is a slip of the finger", () => {
    assert.deepEqual([meant("harbour"), meant("2w"), meant("Li")], [null, null, null]);
  });

  it("is refused where it may mean several, with their ids", () => {
    const listed = { name: UsageError.name, message: /several tasks.*\n {2}b4bcgg71m {2}Fix the cart\n {2}b4xx00yy1/ };
    assert.throws(() => meant("Fix"), listed);
    assert.throws(() => meant("claude-"), listed);
  });

  it("lists no more than a person reads", () => {
    const many = Array.from({ length: 60 }, (_, n) =>
      aRun({ id: `claude-${1795279163832 + n}-b4bcgg71m`, title: "Alike" }),
    );
    assert.throws(
      () => taskMeant("alike", many),
      /^(UsageError: )?[^\n]+(\n {2}b4bcgg71m {2}Alike){10}\n {2}and 50 more$/,
    );
  });

  it("is shown short only where that is how tasks are named", () => {
    assert.deepEqual([shortId(cart.id), shortId("t1")], ["b4bcgg71m", "t1"]);
  });
});
