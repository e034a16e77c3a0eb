import * as vscode from "vscode";
import { sessionLink } from "../protocol/links.ts";
import { showInStatusBar } from "../views/messages.ts";
import { chooseSession } from "./choose-session.ts";
import type { Tally } from "./tally.ts";

/** Copies a link that shows the session in an editor of this machine. */
export async function copySessionLink(tally: Tally, target?: unknown): Promise<void> {
  const session = await chooseSession(tally, target, { placeholder: "A link to which session?" });
  if (session === null) return;
  const link = sessionLink(vscode.env.uriScheme, session.id);
  await vscode.env.clipboard.writeText(link);
  showInStatusBar(`Copied ${link}`, 3_000);
}
