import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import * as vscode from "vscode";
import { agentEnvironment, pathOf } from "../client/environment.ts";
import type { Project } from "../protocol/entities.ts";
import { TallyError } from "../protocol/errors.ts";
import { showInformation } from "../views/messages.ts";
import { pickOne } from "../views/questions.ts";
import { findIde, type Ide, knownIdes } from "./ides.ts";
import type { Tally } from "./tally.ts";

/** Opens a project in the editor it names; in a window of this one when it names none, or this one. */
export async function openProject(tally: Tally, target?: unknown): Promise<void> {
  const project = await chooseProject(tally, target);
  if (project === null) return;
  const word = project.preferredIde;
  const ide = word === null ? null : findIde(word);
  if (word !== null && ide === null) {
    throw new TallyError(
      "invalid-request",
      `"${project.name}" asks for the editor "${word}", which Tally does not know. It knows ${knownIdes().join(", ")}.`,
    );
  }
  if (ide === null || ide.label === vscode.env.appName) await openHere(project.path);
  else await launch(ide, project.path);
}

async function chooseProject({ link, tree }: Tally, target: unknown): Promise<Project | null> {
  const { projects } = link.live.model;
  const node = typeof target === "string" ? tree.tree.nodes.get(target) : undefined;
  switch (node?.kind) {
    case "project":
    case "worktree":
    case "session":
      return node.project;
    case "process":
      return projects.get(node.process.projectId) ?? null;
    case "task":
    case "run":
      return projects.get(node.task.projectId) ?? null;
    case "queue":
    case "later":
    case "more":
    case "group":
    case "ended":
    case "shared":
    case "sharedPath":
    case "earlier":
    case "pause":
    case "account":
    case undefined:
      break;
  }
  const items = [...projects.values()].map((project) => ({ label: project.name, description: project.path, project }));
  if (items.length === 0) {
    void showInformation("Tally knows no project yet. Start a session, and its project appears.");
    return null;
  }
  return (await pickOne(items, { placeHolder: "Open which project?" }))?.project ?? null;
}

async function openHere(path: string): Promise<void> {
  const uri = vscode.Uri.file(path);
  const isOpen = vscode.workspace.workspaceFolders?.some((folder) => folder.uri.fsPath === uri.fsPath) ?? false;
  if (isOpen) await vscode.commands.executeCommand("revealInExplorer", uri);
  else await vscode.commands.executeCommand("vscode.openFolder", uri, { forceNewWindow: true });
}

async function launch(ide: Ide, path: string): Promise<void> {
  const launcher = await findLauncher(ide);
  if (launcher === null) {
    throw new TallyError(
      "program-missing",
      `${ide.label} has no launcher on PATH (looked for ${ide.launchers.join(", ")}). Install its command line launcher, then try again.`,
    );
  }
  await new Promise<void>((resolve, reject) => {
    const child = execFile(launcher, [path], { env: agentEnvironment(process.env), windowsHide: true });
    child.once("spawn", resolve);
    child.once("error", (error) => {
      reject(new TallyError("spawn-failed", `${ide.label} could not be started: ${error.message}`));
    });
    child.unref();
  });
}

async function findLauncher({ launchers }: Ide): Promise<string | null> {
  // Not the batch files of Windows: those only run through a command interpreter, which would read the path as code.
  const suffix = process.platform === "win32" ? ".exe" : "";
  const folders = pathOf(process.env).split(delimiter).filter(Boolean);
  for (const launcher of launchers) {
    for (const folder of folders) {
      const candidate = join(folder, launcher + suffix);
      const isFound = await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isFound) return candidate;
    }
  }
  return null;
}
