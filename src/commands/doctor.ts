import { release, type as systemType } from "node:os";
import * as vscode from "vscode";
import { diagnose } from "../client/doctor/diagnose.ts";
import { type Finding, ok, warning } from "../client/doctor/finding.ts";
import { reportOf, summaryOf } from "../client/doctor/report.ts";
import { version } from "../protocol/version.ts";
import { settingsOf } from "../views/tally-settings.ts";
import { type ProgressStep, showInformation, showInStatusBar, showProgress } from "../views/messages.ts";
import type { Tally } from "./tally.ts";

/** Looks at all that Tally needs, and opens what it found. */
export async function doctor(tally: Tally): Promise<void> {
  const findings = await showProgress({ title: "Tally Doctor", isCancellable: true }, (report, token) =>
    examine(tally, report, token),
  );
  if (findings === null) return;
  await tally.doctorDocument.show(reportOf(findings, about()));
  showInStatusBar(`Tally Doctor: ${summaryOf(findings)}`, 5_000);
}

export async function copyDoctorReport({ doctorDocument }: Tally): Promise<void> {
  const { text } = doctorDocument;
  if (text === null) {
    void showInformation("There is no report yet. Run Tally: Doctor first.");
    return;
  }
  await vscode.env.clipboard.writeText(text);
  showInStatusBar("Copied the report", 3_000);
}

/** Null when the person cancelled it. */
async function examine(
  { link, folder }: Tally,
  report: (step: ProgressStep) => void,
  token: vscode.CancellationToken,
): Promise<readonly Finding[] | null> {
  const abort = new AbortController();
  const cancelling = token.onCancellationRequested(() => abort.abort());
  // What cannot be installed is found again by the checks.
  await link.installed.catch(() => undefined);
  const found = [...ofThisWindow()];
  const place = {
    home: link.home,
    env: process.env,
    folder,
    version,
    caller: "editor",
    client: link.client,
    mayStart: vscode.workspace.isTrusted,
    signal: abort.signal,
  } as const;
  const cancelled = new Promise<null>((resolve) => {
    abort.signal.addEventListener("abort", () => resolve(null));
  });
  try {
    const checks = diagnose(place);
    for (;;) {
      const next = await Promise.race([checks.next(), cancelled]);
      if (next === null) return null;
      if (next.done) return found;
      found.push(next.value);
      report({ text: next.value.name });
    }
  } finally {
    cancelling.dispose();
    abort.abort();
  }
}

/** What only the editor knows. */
function* ofThisWindow(): Generator<Finding> {
  yield vscode.workspace.isTrusted
    ? ok("workspace", "trusted")
    : warning(
        "workspace",
        "Restricted Mode: Tally starts nothing in this window",
        "Trust it, if you know what is in it.",
        "manageTrust",
      );
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    yield ok("folder", "none is open", "An agent works in a folder: open one to start sessions here.", "openFolder");
  } else if (folders.every(({ uri }) => uri.scheme !== "file")) {
    yield warning("folder", "not on this disk", "Agents need a folder on disk. Open one.", "openFolder");
  }
  const configuration = vscode.workspace.getConfiguration("tally");
  for (const { key, text } of settingsOf((name) => configuration.get(name)).problems) {
    yield warning("settings", `${key} is not understood: ${text}`, "It counts as not set. Correct it.", "openSettings");
  }
}

function about(): string {
  const where = vscode.env.remoteName === undefined ? "" : `, remote (${vscode.env.remoteName})`;
  const editor = `${vscode.env.appName} ${vscode.version}${where}`;
  const system = `${systemType()} ${release()} ${process.arch}`;
  const now = new Date().toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
  return `Tally ${version}, ${editor}, ${system}; ${now}`;
}
