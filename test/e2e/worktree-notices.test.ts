import assert from "node:assert/strict";
import type { Step } from "../../src/protocol/worktrees.ts";
import { untilNotified } from "../support/editor/notifications.ts";
import type { OpenEditor } from "../support/editor/open-editor.ts";
import { rowSaying } from "../support/editor/sessions-view.ts";
import { anOperation, aProcess, aProject, aWorktree } from "../support/entities.ts";
import { until } from "../support/until.ts";
import { openScriptedEditor, type ScriptedEditor } from "./scripted-editor.ts";
import type { ScriptedGateway } from "./scripted-gateway.ts";

describe("what happens to worktrees, as a person is told of it", () => {
  let scripted: ScriptedEditor;
  let gateway: ScriptedGateway;
  let editor: OpenEditor;
  before(async () => {
    scripted = await openScriptedEditor();
    ({ gateway, editor } = scripted);
  });
  after(() => scripted.close());

  it("is that a process failed, with a way to start it again", async () => {
    let restarted: boolean | null = null;
    gateway.on("startProcess", ({ isRestart }, id) => {
      restarted = isRestart;
      const process = aProcess({ id, worktreeId: "w1" });
      gateway.putProcess(process);
      return { process };
    });
    gateway.putWorktree(aWorktree({ id: "w1", name: "rounding" }));
    gateway.putProcess(aProcess({ worktreeId: "w1" }));
    await rowSaying(editor, "Process backend, running").waitFor();
    gateway.putProcess(aProcess({ worktreeId: "w1", state: "ERROR", exitCode: 1, pid: null, endedAt: 5 }));
    await rowSaying(editor, "Process backend, failed").waitFor();
    const told = await untilNotified(editor, "Process backend of rounding ended with exit code 1.");
    await told.hover();
    await told.getByRole("button", { name: "Restart" }).click();
    await until(() => restarted === true, "the process to be restarted");
  });

  it("is how an add comes along, which can be cancelled", async () => {
    const steps = (state: Step["state"], detail: string | null): Step[] => [
      { id: "checkout", label: "Check out", state: "done", detail: null, processId: null },
      { id: "copy", label: "Copy ignored files", state, detail, processId: null },
    ];
    let isCancelled = false;
    const adding = (id: string, detail: string) =>
      aWorktree({
        id: "w2",
        name: "slow",
        status: "adding",
        operation: anOperation({ id, steps: steps("running", detail) }),
      });
    let operationId = "";
    gateway.on("branches", () => ({ branches: [], defaultBranch: "main" }));
    gateway.on("addWorktree", (body) => {
      operationId = body.operationId ?? "";
      assert.deepEqual([body.name, body.agent, body.origin], ["slow", null, "editor"]);
      const worktree = adding(operationId, "1,204 of 20,000 files");
      gateway.putWorktree(worktree);
      return { worktree, project: aProject() };
    });
    gateway.on("cancelWorktree", (_, id) => {
      isCancelled = true;
      const operation = anOperation({ id: operationId, state: "cancelled", steps: steps("failed", null) });
      const worktree = aWorktree({ id, name: "slow", status: "adding", operation });
      gateway.putWorktree(worktree);
      gateway.removeWorktree(id);
      return { worktree };
    });
    await editor.palette("Tally: Add Worktree");
    await editor.typeInInput("slow");
    await editor.pickItem("None");
    await rowSaying(editor, "Worktree slow: Copying ignored files, 1,204 of 20,000 files").waitFor();
    const told = await untilNotified(editor, "2 of 2: Copying ignored files, 1,204 of 20,000 files");
    await told.getByRole("button", { name: "Cancel" }).click();
    await until(() => isCancelled, "the add to be cancelled");
    await rowSaying(editor, "Worktree slow").waitFor({ state: "detached" });
    await editor.page.locator(".notification-list-item", { hasText: "Adding slow" }).waitFor({ state: "detached" });
  });
});
