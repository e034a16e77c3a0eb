import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { foundTasks } from "../../../../src/webview/sections/tasks/found-tasks.ts";
import { aProject, aRun, aWorktree } from "../../../support/entities.ts";

const project = aProject({ name: "shop" });
const worktree = aWorktree({ id: "w1", branch: "checkout", name: "checkout" });
const model = { projects: new Map([[project.id, project]]), worktrees: new Map([[worktree.id, worktree]]) };
const task = aRun({ projectId: project.id, error: "No space left.", state: "ERROR" });

describe("a search for tasks", () => {
  for (const search of ["fix", "claude tests", "shop", "failed", "space left", "run1", " "]) {
    it(`finds it by "${search}"`, () => assert.ok(foundTasks(search, model)(task)));
  }

  it("finds it by its worktree", () => {
    assert.ok(foundTasks("checkout", model)({ ...task, worktreeId: "w1" }));
  });

  it("does not find what has none of it", () => assert.ok(!foundTasks("gemini", model)(task)));

  it("finds a task anew that has changed", () => {
    const isFound = foundTasks("gemini", model);
    assert.deepEqual([isFound(task), isFound({ ...task, agent: "gemini" })], [false, true]);
  });
});
