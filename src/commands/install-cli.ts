import { homedir } from "node:os";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { showInformation } from "../views/messages.ts";
import { writeCliWrapper } from "./cli-wrapper.ts";
import type { Tally } from "./tally.ts";

/** Makes `tally` a command of terminals outside the editor too; those inside have it already. */
export async function installCli({ link }: Tally): Promise<void> {
  const launcher = join(link.home.bin, "tally");
  if (process.platform === "win32") {
    await explainWindows(link.home.bin);
    return;
  }
  await link.installed;
  const { file, isOnPath } = await writeCliWrapper({
    folders: [join(homedir(), ".local", "bin"), "/usr/local/bin"],
    launcher,
    path: process.env["PATH"] ?? "",
  });
  if (isOnPath) {
    void showInformation(`Installed ${file}. Any terminal now knows the command tally.`);
    return;
  }
  const copy = "Copy Shell Line";
  const line = `export PATH="${dirname(file)}:$PATH"`;
  const choice = await showInformation(
    `Installed ${file}, but ${dirname(file)} is not on your PATH. Add this to your shell's startup file: ${line}`,
    copy,
  );
  if (choice === copy) await vscode.env.clipboard.writeText(line);
}

async function explainWindows(folder: string): Promise<void> {
  const copy = "Copy Folder";
  const choice = await showInformation(
    `On Windows, add ${folder} to your PATH (Settings, "Edit environment variables for your account"). Terminals inside the editor know tally already.`,
    copy,
  );
  if (choice === copy) await vscode.env.clipboard.writeText(folder);
}
