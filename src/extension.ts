import * as vscode from "vscode";
import { type CommandName, commandNames } from "./commands/command-names.ts";
import type { Tally } from "./commands/tally.ts";
import { ContextKeys } from "./views/context-keys.ts";
import type { Move } from "./views/queue-drop.ts";
import { SessionsTree } from "./views/sessions-tree.ts";
import { StatusBar } from "./views/status-bar.ts";

/**
 * Shows the views and registers the commands; all that talks to the gateway is loaded right after, so that the editor's
 * start does not wait for it. Starts no process: a gateway is started on first need.
 */
export function activate(context: vscode.ExtensionContext): void {
  const tree = new SessionsTree((taskId, move) => void dropTask(tally, taskId, move));
  const statusBar = new StatusBar();
  const tally = once(() => connect(context, tree, statusBar));
  context.subscriptions.push(
    tree,
    statusBar,
    ...commandNames.map((name) => registerCommand(name, tally)),
    vscode.window.registerTerminalProfileProvider("tally.session", {
      provideTerminalProfile: async () => (await import("./commands/commands.ts")).openProfileTab(await tally()),
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => tree.sayRestricted()),
  );
  setImmediate(() => void tally());
}

function registerCommand(name: CommandName, tally: () => Promise<Tally>): vscode.Disposable {
  return vscode.commands.registerCommand(`tally.${name}`, async (target?: unknown) => {
    const { runCommand } = await import("./commands/commands.ts");
    await runCommand(name, await tally(), target);
  });
}

async function dropTask(tally: () => Promise<Tally>, taskId: string, move: Move): Promise<void> {
  const { dropTask: drop } = await import("./commands/commands.ts");
  await drop(await tally(), taskId, move);
}

/** Joins this window to the gateway: what it says goes to the views, and the terminals that a reload closed come back. */
async function connect(context: vscode.ExtensionContext, tree: SessionsTree, statusBar: StatusBar): Promise<Tally> {
  const { openGatewayLink } = await import("./client/gateway-link.ts");
  const { TerminalTabs } = await import("./views/terminal-tabs.ts");
  const { TaskOutputTabs } = await import("./views/task-output-tabs.ts");
  const { SettingsSync } = await import("./views/settings-sync.ts");
  const { Attention } = await import("./views/attention.ts");
  const { OperationWatch } = await import("./views/operation-watch.ts");
  const { PendingResumes } = await import("./views/pending-resumes.ts");
  const { putOnTerminalPath } = await import("./views/terminal-path.ts");
  const log = vscode.window.createOutputChannel("Tally", { log: true });
  const contextKeys = new ContextKeys();
  const operations = new OperationWatch();
  const pendingResumes = new PendingResumes(context.globalState);
  const { version } = context.extension.packageJSON as { version: string };

  const onFailure = (error: unknown) => log.error(error instanceof Error ? error : String(error));
  const link = openGatewayLink({
    env: process.env,
    folder: context.extensionPath,
    version,
    mayStart: () => vscode.workspace.isTrusted,
    isNeeded: () => terminals.isIncomplete || pendingResumes.areLeft,
    onModel: (model, changes) => {
      tree.show(model);
      statusBar.show(tree.tree);
      contextKeys.show(model);
      operations.update(model, changes);
      if (changes === null) {
        terminals.restore(model);
        outputs.restore(model);
      }
      terminals.update(model);
      outputs.update(model);
      attention.update(model);
      pendingResumes.update(model);
    },
    onConnection: (connection) => {
      log.info(`gateway: ${connection}`);
      if (connection === "connected") settings.joined();
      else settings.left();
    },
    onFailure,
  });
  const terminals = new TerminalTabs({
    client: link.client,
    model: () => link.live.model,
    workspaceState: context.workspaceState,
    globalState: context.globalState,
  });
  const outputs = new TaskOutputTabs({ client: link.client, workspaceState: context.workspaceState });
  const settings = new SettingsSync({ client: link.client, memory: context.globalState, onFailure });
  const attention = new Attention({ live: link.live, terminals, settings, operations });
  putOnTerminalPath(context.environmentVariableCollection, link.home.bin);
  context.subscriptions.push(log, link, terminals, outputs, settings, attention);
  return { link, tree, terminals, outputs, attention, operations, settings, memory: context.globalState };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
