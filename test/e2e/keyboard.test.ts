import assert from "node:assert/strict";
import type { OpenEditor } from "../support/editor/open-editor.ts";
import { rowSaying, showSessions } from "../support/editor/sessions-view.ts";
import { aSession } from "../support/entities.ts";
import { until } from "../support/until.ts";
import { openScriptedEditor, type ScriptedEditor } from "./scripted-editor.ts";
import type { ScriptedGateway } from "./scripted-gateway.ts";

describe("the keyboard, while it is in a tree that shows changes", () => {
  let scripted: ScriptedEditor;
  let gateway: ScriptedGateway;
  let editor: OpenEditor;
  before(async () => {
    scripted = await openScriptedEditor();
    ({ gateway, editor } = scripted);
  });
  after(() => scripted.close());

  it("goes to a list that opens at the moment of a change, and stays there", async () => {
    let changes = 0;
    const change = () => {
      changes += 1;
      gateway.put(aSession({ id: "busy", title: `Busy ${changes}` }));
    };
    const untilDrawn = () => rowSaying(editor, `Busy ${changes},`).waitFor();
    gateway.on("detectAgents", () => {
      change();
      return { agents: [] };
    });
    const list = editor.page.locator(".quick-input-widget", { hasText: "Command..." });
    for (let tries = 0; tries < 4; tries++) {
      await showSessions(editor);
      const before = changes;
      await editor.palette("Tally: New Session");
      await until(() => changes > before, "the list to be asked for");
      await untilDrawn();
      await list.waitFor();
      change();
      await untilDrawn();
      assert.ok(await list.isVisible());
      assert.equal(await editor.page.evaluate(() => document.activeElement?.tagName), "INPUT");
      await editor.page.keyboard.press("Escape");
      await list.waitFor({ state: "hidden" });
    }
  });
});
