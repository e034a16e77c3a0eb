import { delimiter } from "node:path";
import type * as vscode from "vscode";

/** Puts `tally` on the PATH of every new shell terminal of this window. */
export function putOnTerminalPath(collection: vscode.EnvironmentVariableCollection, binFolder: string): void {
  const options: vscode.EnvironmentVariableMutatorOptions = {
    applyAtProcessCreation: true,
    applyAtShellIntegration: true,
  };
  collection.description = "Adds the command `tally`, which starts agents so that they show in Tally.";
  collection.prepend("PATH", binFolder + delimiter, options);
  // A window with a home of its own shares it with its shells; otherwise theirs is the usual one.
  const home = process.env["TALLY_HOME"];
  if (home) collection.replace("TALLY_HOME", home, options);
  else collection.delete("TALLY_HOME");
}
