import { openEditor, type OpenEditor } from "../support/editor/open-editor.ts";
import { showSessions } from "../support/editor/sessions-view.ts";
import { type ScriptedGateway, startScriptedGateway } from "./scripted-gateway.ts";

/** An editor that shows the sessions of a scripted gateway, and follows its events. */
export interface ScriptedEditor {
  readonly gateway: ScriptedGateway;
  readonly editor: OpenEditor;
  close: () => Promise<void>;
}

export async function openScriptedEditor(): Promise<ScriptedEditor> {
  const gateway = await startScriptedGateway();
  const editor = await openEditor({ env: gateway.env });
  await showSessions(editor);
  await gateway.untilFollowed();
  const close = async () => {
    await editor.dispose();
    await gateway.close();
  };
  return { gateway, editor, close };
}
