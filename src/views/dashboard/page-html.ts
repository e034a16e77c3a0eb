import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** Where the page is shown: beside the files, or in the side bar. */
export type DashboardPlace = "panel" | "sidebar";

const NONCE_BYTES = 18;

/** The folder that holds all that the page loads. */
export function pageFolder(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, "dist", "webview");
}

/** The page's frame. Its script runs by a nonce, its style and font come from the extension, and nothing else is loaded. */
export function pageHtml(webview: vscode.Webview, extension: vscode.Uri, place: DashboardPlace): string {
  const nonce = randomBytes(NONCE_BYTES).toString("base64");
  const asset = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(pageFolder(extension), name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${asset("dashboard.css")}" />
    <title>Tally</title>
  </head>
  <body class="in-${place}">
    <div id="dashboard"></div>
    <script nonce="${nonce}" src="${asset("dashboard.js")}"></script>
  </body>
</html>
`;
}
