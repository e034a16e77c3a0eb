import assert from "node:assert/strict";
import * as vscode from "vscode";
import { commandNames } from "../../src/commands/command-names.ts";

describe("the commands", () => {
  const contributed = (): string[] => {
    const manifest = vscode.extensions.getExtension("tally.tally")?.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    return manifest.contributes.commands.map(({ command }) => command).sort();
  };

  it("that the manifest promises are those that the code has", () => {
    assert.deepEqual(contributed(), commandNames.map((name) => `tally.${name}`).sort());
  });

  it("are all registered", async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributed().filter((command) => !registered.has(command)),
      [],
    );
  });
});
