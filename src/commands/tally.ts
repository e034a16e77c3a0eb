import type * as vscode from "vscode";
import type { GatewayLink } from "../client/gateway-link.ts";
import type { Attention } from "../views/attention.ts";
import type { Dashboards } from "../views/dashboard/dashboards.ts";
import type { DoctorDocument } from "../views/doctor-document.ts";
import type { LinkHandler } from "../views/link-handler.ts";
import type { OperationWatch } from "../views/operation-watch.ts";
import type { TaskOutputTabs } from "../views/task-output-tabs.ts";
import type { TerminalTabs } from "../views/terminal-tabs.ts";
import type { SettingsSync } from "../views/settings-sync.ts";
import type { SessionsTree } from "../views/sessions-tree.ts";

/** What a command has at hand. */
export interface Tally {
  readonly link: GatewayLink;
  readonly log: vscode.LogOutputChannel;
  readonly tree: SessionsTree;
  readonly dashboards: Dashboards;
  readonly terminals: TerminalTabs;
  readonly outputs: TaskOutputTabs;
  readonly attention: Attention;
  readonly operations: OperationWatch;
  readonly settings: SettingsSync;
  readonly doctorDocument: DoctorDocument;
  readonly links: LinkHandler;
  /** The extension's own. */
  readonly folder: string;
  /** Remembers choices across windows. */
  readonly memory: vscode.Memento;
}

/**
 * A command; `target` is what it was invoked on: a row of the tree, what a key binding says, or nothing; `selected` are all selected rows,
 * where that row is one of several. A command that is about one thing goes by `target` alone.
 */
export type Command = (tally: Tally, target?: unknown, selected?: unknown) => Promise<void>;
