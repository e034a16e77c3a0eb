import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { sessionLink } from "../../src/protocol/links.ts";
import { until } from "../support/until.ts";
import { closeTab, removeAllSessions, startDemo, terminalNamed } from "./own-gateway.ts";

interface Manifest {
  readonly contributes: {
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly svg: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}

const extension = vscode.extensions.getExtension<unknown>("tally.tally")!;
const { walkthroughs, viewsWelcome } = (extension.packageJSON as Manifest).contributes;
const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);

describe("the first minutes", () => {
  before(() => extension.activate());

  it("name only commands that there are", async () => {
    const texts = [...steps.map(({ description }) => description), ...viewsWelcome.map(({ contents }) => contents)];
    const linked = texts.flatMap((text) => [...text.matchAll(/\(command:([\w.]+)/g)].map(([, name = ""]) => name));
    const awaited = steps.flatMap(({ completionEvents }) =>
      completionEvents
        .filter((event) => event.startsWith("onCommand:"))
        .map((event) => event.slice("onCommand:".length)),
    );
    const registered = new Set(await vscode.commands.getCommands());
    assert.deepEqual(
      [...linked, ...awaited].filter((command) => !registered.has(command)),
      [],
    );
  });

  it("have a picture for each step", () => {
    const missing = steps
      .map(({ media }) => media.svg)
      .filter((file) => !existsSync(join(extension.extensionPath, file)));
    assert.deepEqual(missing, []);
  });

  describe("Doctor", () => {
    let report: vscode.TextEditor;
    before(async () => {
      await vscode.commands.executeCommand("tally.doctor");
      report = vscode.window.activeTextEditor!;
    });
    after(() => vscode.commands.executeCommand("workbench.action.closeActiveEditor"));

    it("opens a report that nobody can edit, which begins with a summary", () => {
      assert.equal(report.document.uri.scheme, "tally-doctor");
      assert.match(report.document.getText(), /^# Tally Doctor\n\n.*checks? (is|are) in order\.\n/);
      assert.match(report.document.getText(), /gateway: answers at /);
    });

    it("offers what can be done about it", async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        report.document.uri,
      );
      const commands = lenses.map(({ command }) => command?.command);
      for (const offered of ["tally.doctor", "tally.copyDoctorReport"]) assert.ok(commands.includes(offered), offered);
    });

    it("is copied whole", async () => {
      await vscode.commands.executeCommand("tally.copyDoctorReport");
      assert.equal(await vscode.env.clipboard.readText(), report.document.getText());
    });
  });

  describe("a link to a session", () => {
    after(removeAllSessions);

    it("is what Copy Link copies", async () => {
      const { session } = await startDemo("Linked");
      await vscode.commands.executeCommand("tally.copySessionLink", session.id);
      assert.equal(await vscode.env.clipboard.readText(), sessionLink(vscode.env.uriScheme, session.id));
    });

    it("shows its terminal", async () => {
      await closeTab(await terminalNamed("Linked"));
      const link = vscode.Uri.parse(await vscode.env.clipboard.readText());
      await vscode.commands.executeCommand("vscode.open", link);
      const terminal = await terminalNamed("Linked");
      await until(() => vscode.window.activeTerminal === terminal, "the terminal to be in front");
    });
  });
});
