import * as vscode from "vscode";
import type { Fix } from "../client/doctor/finding.ts";
import type { Report } from "../client/doctor/report.ts";
import { showDocument } from "./documents.ts";

/** Of the document that shows Doctor's report. package.json chooses its buttons by it. */
const SCHEME = "tally-doctor";
const DOCUMENT = vscode.Uri.from({ scheme: SCHEME, path: "/Tally Doctor.md" });

const fixes: Record<Fix, vscode.Command> = {
  installCli: { title: "$(terminal) Install CLI in PATH", command: "tally.installCli" },
  manageTrust: { title: "$(shield) Manage Workspace Trust", command: "workbench.trust.manage" },
  openFolder: { title: "$(folder-opened) Open Folder", command: "vscode.openFolder" },
  openSettings: { title: "$(gear) Open Settings", command: "workbench.action.openSettings", arguments: ["tally"] },
  restartGateway: { title: "$(debug-restart) Restart Gateway", command: "tally.restartGateway" },
  showGatewayLog: { title: "$(output) Show Gateway Log", command: "tally.showGatewayLog" },
  showLimits: { title: "$(dashboard) Show Limits", command: "tally.showLimits" },
};

const forAll: readonly vscode.Command[] = [
  { title: "$(refresh) Run Again", command: "tally.doctor" },
  { title: "$(copy) Copy Report", command: "tally.copyDoctorReport" },
  fixes.showGatewayLog,
];

/** The readonly document with Doctor's latest report, and above its lines what can be done about them. */
export class DoctorDocument implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #lensesChanged = new vscode.EventEmitter<void>();
  readonly #registrations: readonly Pick<vscode.Disposable, "dispose">[];
  #report: Report | null = null;

  readonly onDidChange = this.#changed.event;
  readonly onDidChangeCodeLenses = this.#lensesChanged.event;

  constructor() {
    this.#registrations = [
      this.#changed,
      this.#lensesChanged,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.languages.registerCodeLensProvider({ scheme: SCHEME }, this),
    ];
  }

  /** The latest report; null while there is none. */
  get text(): string | null {
    return this.#report?.text ?? null;
  }

  async show(report: Report): Promise<void> {
    this.#report = report;
    this.#changed.fire(DOCUMENT);
    this.#lensesChanged.fire();
    await showDocument(await vscode.workspace.openTextDocument(DOCUMENT), { preview: false });
  }

  /** A window that was reloaded opens its documents again, and a report is of its time. */
  provideTextDocumentContent(): string {
    return this.text ?? "# Tally Doctor\n\nThis window was reloaded. Run Doctor again.\n";
  }

  provideCodeLenses(): vscode.CodeLens[] {
    const each = (this.#report?.fixes ?? []).map(({ line, fix }) => lens(line, fixes[fix]));
    return [...forAll.map((command) => lens(0, command)), ...each];
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
  }
}

function lens(line: number, command: vscode.Command): vscode.CodeLens {
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command);
}
