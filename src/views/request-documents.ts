import * as vscode from "vscode";
import type { Model } from "../protocol/model.ts";
import { oneLine } from "../protocol/visible.ts";
import { type Asking, findRequest } from "./open-requests.ts";
import { type RequestRef, requestText } from "../presentation/request-words.ts";
import { showDocument } from "./documents.ts";

/** Of documents that show a request. Their folder is the request's kind, which package.json chooses buttons by. */
const SCHEME = "tally-request";
const MAX_NAME_LENGTH = 60;

/** Readonly documents that show a request in full, each for as long as it is open. */
export class RequestDocuments
  implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, vscode.Disposable
{
  readonly #model: () => Model;
  readonly #registrations: readonly vscode.Disposable[];

  constructor(model: () => Model) {
    this.#model = model;
    this.#registrations = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.languages.registerCodeLensProvider({ scheme: SCHEME }, this),
    ];
  }

  async open(asking: Asking): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uriOf(asking));
    await showDocument(document, { preview: true });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const ref = requestOf(uri);
    const asking = ref && findRequest(this.#model(), ref);
    return asking ? requestText(asking.session, asking.request) : "The agent does not ask this any more.\n";
  }

  /** What can be done about the request, above its text. */
  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const ref = requestOf(uri);
    const asking = ref && findRequest(this.#model(), ref);
    if (!asking) return [];
    const answers: vscode.Command[] =
      asking.request.kind === "permission"
        ? [
            { command: "tally.allow", title: "$(check) Allow", arguments: [uri] },
            { command: "tally.deny", title: "$(close) Deny", arguments: [uri] },
          ]
        : [{ command: "tally.answerQuestion", title: "$(comment-discussion) Answer...", arguments: [uri] }];
    const show = { command: "tally.showTerminal", title: "$(terminal) Show", arguments: [asking.session.id] };
    return [...answers, show].map((command) => new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command));
  }

  /** Closes the documents whose request is over. */
  update(model: Model): void {
    const isOver = (tab: vscode.Tab) => {
      const ref = tab.input instanceof vscode.TabInputText ? requestOf(tab.input.uri) : null;
      return ref !== null && !findRequest(model, ref);
    };
    const over = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(isOver));
    if (over.length > 0) void vscode.window.tabGroups.close(over, true);
  }

  /** The request that the person reads, if they do. */
  static inFront(): RequestRef | null {
    const editor = vscode.window.activeTextEditor;
    return editor ? requestOf(editor.document.uri) : null;
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
  }
}

/** The request that the document shows; null when it shows none. */
export function requestOf(uri: vscode.Uri): RequestRef | null {
  if (uri.scheme !== SCHEME) return null;
  const query = new URLSearchParams(uri.query);
  const [sessionId, requestId] = [query.get("session"), query.get("request")];
  return sessionId === null || requestId === null ? null : { sessionId, requestId };
}

function uriOf({ session, request }: Asking): vscode.Uri {
  const name = oneLine(session.title, MAX_NAME_LENGTH).replaceAll("/", " ");
  const query = new URLSearchParams({ session: session.id, request: request.id }).toString();
  return vscode.Uri.from({ scheme: SCHEME, path: `/${request.kind}/${name}`, query });
}
