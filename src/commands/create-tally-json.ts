import * as vscode from "vscode";
import { TALLY_JSON } from "../protocol/tally-json.ts";
import { oneLine } from "../protocol/visible.ts";
import { showInformation } from "../views/messages.ts";
import { chooseRepository } from "./choose-folder.ts";
import { requireTrust } from "./require-trust.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";
import { showDocument } from "../views/documents.ts";

const SAVE = "Save";
const MAX_FOUND_LENGTH = 300;

/** Shows a tally.json for the repository in an editor. It is written only when the person saves it; one that exists is opened. */
export async function createTallyJson(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const cwd = await chooseRepository(tally, target);
  if (cwd === null) return;
  const asked = tally.link.client.call("proposeTallyJson", { query: { cwd } });
  const { path, exists, text, found } = await withSlowProgress("Looking at the repository", asked);
  const file = vscode.Uri.file(path);
  if (exists) {
    await showDocument(await vscode.workspace.openTextDocument(file));
    void showInformation(`This repository has a ${TALLY_JSON} already.`);
    return;
  }
  const document = await propose(file, text);
  await showDocument(document, { preview: false });
  void offerToSave(document, found);
}

/** An editor that knows where it belongs. What was proposed before, and was not saved, is replaced. */
async function propose(file: vscode.Uri, text: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(file.with({ scheme: "untitled" }));
  const whole = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, whole, text);
  await vscode.workspace.applyEdit(edit);
  return document;
}

async function offerToSave(document: vscode.TextDocument, found: readonly string[]): Promise<void> {
  const because = found.length === 0 ? "" : ` It comes from ${oneLine(found.join(", "), MAX_FOUND_LENGTH)}.`;
  const said = `A proposal: change it as you like, and save it to use it.${because}`;
  if ((await showInformation(said, SAVE)) === SAVE) await document.save();
}
