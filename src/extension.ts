import * as vscode from "vscode";
import { type CommandName, commandNames } from "./commands/command-names.ts";
import type { Tally } from "./commands/tally.ts";
import { ContextKeys } from "./views/context-keys.ts";
import type { TaskMove } from "./presentation/queue-drop.ts";
import { Dashboards } from "./views/dashboard/dashboards.ts";
import { SessionsTree } from "./views/sessions-tree.ts";
import { StatusBar } from "./views/status-bar.ts";

/**
 * Shows the views and registers the commands; all that talks to the gateway is loaded right after, so that the editor's
 * start does not wait for it. Starts no process: a gateway is started on first need.
 */
export function activate(context: vscode.ExtensionContext): void {
  const tree = new SessionsTree((moves) => void dropTasks(tally, moves), context.workspaceState);
  const statusBar = new StatusBar();
  const dashboards: Dashboards = new Dashboards(context.extensionUri, async () => {
    const { link, log } = await tally();
    return { client: link.running, live: link.live, onFailure: (error) => log.error(toError(error)) };
  });
  const tally = once(() => connect(context, { tree, statusBar, dashboards }));
  context.subscriptions.push(
    tree,
    statusBar,
    dashboards,
    ...commandNames.map((name) => registerCommand(name, tally)),
    vscode.window.registerTerminalProfileProvider("tally.session", {
      provideTerminalProfile: async () => (await import("./commands/commands.ts")).openProfileTab(await tally()),
    }),
    vscode.window.registerUriHandler({
      handleUri: async (uri) => (await import("./commands/commands.ts")).openLink(await tally(), uri),
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      tree.sayRestricted();
      dashboards.tellConnection();
    }),
  );
  setImmediate(() => void tally());
}

function registerCommand(name: CommandName, tally: () => Promise<Tally>): vscode.Disposable {
  return vscode.commands.registerCommand(`tally.${name}`, async (target?: unknown, selected?: unknown) => {
    const { runCommand } = await import("./commands/commands.ts");
    await runCommand(name, await tally(), { target, selected });
  });
}

async function dropTasks(tally: () => Promise<Tally>, moves: readonly TaskMove[]): Promise<void> {
  const { dropTasks: drop } = await import("./commands/commands.ts");
  await drop(await tally(), moves);
}

/** What is shown from the start. */
interface Views {
  readonly tree: SessionsTree;
  readonly statusBar: StatusBar;
  readonly dashboards: Dashboards;
}

/** Joins this window to the gateway: what it says goes to the views, and the terminals that a reload closed come back. */
async function connect(context: vscode.ExtensionContext, { tree, statusBar, dashboards }: Views): Promise<Tally> {
  const { openGatewayLink } = await import("./client/gateway-link.ts");
  const { tellEach } = await import("./client/tell.ts");
  const { pathOf } = await import("./client/environment.ts");
  const { TerminalTabs } = await import("./views/terminal-tabs.ts");
  const { TaskOutputTabs } = await import("./views/task-output-tabs.ts");
  const { SettingsSync } = await import("./views/settings-sync.ts");
  const { Attention } = await import("./views/attention.ts");
  const { OperationWatch } = await import("./views/operation-watch.ts");
  const { PendingResumes } = await import("./views/pending-resumes.ts");
  const { putOnTerminalPath } = await import("./views/terminal-path.ts");
  const { AgentsInstalled } = await import("./views/agents-installed.ts");
  const { DoctorDocument } = await import("./views/doctor-document.ts");
  const { LinkHandler } = await import("./views/link-handler.ts");
  const log = vscode.window.createOutputChannel("Tally", { log: true });
  const contextKeys = new ContextKeys();
  const operations = new OperationWatch();
  const pendingResumes = new PendingResumes(context.globalState);
  const { version } = context.extension.packageJSON as { version: string };

  const onFailure = (error: unknown) => log.error(toError(error));
  const link = openGatewayLink({
    env: process.env,
    folder: context.extensionPath,
    version,
    mayStart: () => vscode.workspace.isTrusted,
    isNeeded: () => terminals.isIncomplete || pendingResumes.areLeft,
    onModel: (model, changes) => {
      tellEach(
        () => tree.show(model),
        () => dashboards.update(model, changes),
        () => statusBar.show(() => tree.tree),
        () => contextKeys.show(model),
        () => operations.update(model, changes),
        () => changes === null && terminals.restore(model),
        () => changes === null && outputs.restore(model),
        () => terminals.update(model),
        () => outputs.update(model),
        () => attention.update(model),
        () => pendingResumes.update(model),
        () => links.update(),
      );
    },
    onConnection: (connection) => {
      log.info(`gateway: ${connection}`);
      tellEach(
        () => tree.tellConnection(connection),
        () => statusBar.tellConnection(connection),
        () => dashboards.tellConnection(),
        () => contextKeys.tellConnection(connection),
        () => links.update(),
        () => (connection === "connected" ? settings.joined() : settings.left()),
      );
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
  const links = new LinkHandler({ live: link.live, tree, terminals, outputs, dashboards });
  const doctorDocument = new DoctorDocument();
  const settings = new SettingsSync({ client: link.client, memory: context.globalState, onFailure });
  const attention = new Attention({ live: link.live, terminals, settings, operations });
  putOnTerminalPath(context.environmentVariableCollection, link.home.bin);
  const agents = new AgentsInstalled(pathOf(process.env));
  context.subscriptions.push(log, link, terminals, outputs, settings, attention, contextKeys, doctorDocument, agents);
  const own = { memory: context.globalState, folder: context.extensionPath };
  const shown = { tree, dashboards, terminals, outputs, attention, doctorDocument };
  return { link, log, operations, settings, links, ...shown, ...own };
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
