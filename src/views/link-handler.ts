import type * as vscode from "vscode";
import type { Connection } from "../client/live-model.ts";
import type { Session, Task } from "../protocol/entities.ts";
import { type Link, parseLink } from "../protocol/links.ts";
import type { Model } from "../protocol/model.ts";
import { nodeId, type NodeId } from "../presentation/tree-nodes.ts";
import type { Dashboards } from "./dashboard/dashboards.ts";
import { showInformation, showWarning } from "./messages.ts";
import type { SessionsTree } from "./sessions-tree.ts";
import type { TaskOutputTabs } from "./task-output-tabs.ts";
import type { TerminalTabs } from "./terminal-tabs.ts";

/** What a link may show, and what it is looked up in. */
export interface LinkTargets {
  readonly live: { readonly model: Model; readonly connection: Connection };
  readonly tree: Pick<SessionsTree, "reveal" | "tree">;
  readonly terminals: Pick<TerminalTabs, "show">;
  readonly outputs: Pick<TaskOutputTabs, "show">;
  readonly dashboards: Pick<Dashboards, "show">;
}

/**
 * Opens what a `vscode://tally.tally/...` link names. Anybody can make one, also a web page: so it shows what is there and does nothing
 * else. It starts, resumes, answers and types nothing, nor does it start a gateway.
 */
export class LinkHandler {
  readonly #targets: LinkTargets;
  #waiting: (() => void)[] = [];

  constructor(targets: LinkTargets) {
    this.#targets = targets;
  }

  /** Opens the link once it is known what there is: a link may have opened this very window. */
  async open({ path }: Pick<vscode.Uri, "path">): Promise<void> {
    const link = parseLink(path);
    if (link === null) void showWarning("This link means nothing to Tally. It may be of a later version, or cut off.");
    else if (link.kind === "dashboard") await this.#showDashboard(link);
    else {
      await this.#untilKnown();
      if (!(await this.#show(link))) void showWarning(unknownWords(link, this.#targets.live.connection));
    }
  }

  /** After every change of the model or of the connection. */
  update(): void {
    if (!isKnown(this.#targets.live)) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #untilKnown(): Promise<void> {
    if (!isKnown(this.#targets.live)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async #showDashboard({ section }: Extract<Link, { kind: "dashboard" }>): Promise<void> {
    await this.#targets.dashboards.show(section === null ? undefined : { section });
  }

  /** False where it is not known. */
  async #show({ kind, id }: RowLink): Promise<boolean> {
    const { sessions, worktrees, tasks } = this.#targets.live.model;
    switch (kind) {
      case "session": {
        const session = sessions.get(id);
        if (session) await this.#showSession(session);
        return session !== undefined;
      }
      case "worktree":
        if (worktrees.has(id)) await this.#reveal(nodeId.worktree(id), undefined);
        return worktrees.has(id);
      case "task": {
        const task = tasks.get(id);
        if (task) await this.#showTask(task);
        return task !== undefined;
      }
    }
  }

  async #showSession(session: Session): Promise<void> {
    await this.#reveal(nodeId.session(session.id), session.id);
    if (session.archivedAt !== null) {
      void showInformation(
        `"${session.title}" is archived. Show Archived Sessions, in the menu of the sessions, brings it back to the list.`,
      );
    }
    if (session.mode === "pty" && this.#isConnected) await this.#targets.terminals.show(session);
  }

  async #showTask(task: Task): Promise<void> {
    const row = task.kind === "run" ? nodeId.run(task.id) : nodeId.task(task.id);
    await this.#reveal(row, task.sessionId ?? undefined);
    if (task.kind === "run" && this.#isConnected) await this.#targets.outputs.show(task, { preserveFocus: false });
  }

  /** Else a terminal or an output would start the gateway, and a link starts nothing. */
  get #isConnected(): boolean {
    return this.#targets.live.connection === "connected";
  }

  /** What the tree leaves out, the dashboard has. How the person set up the tree is no link's to change. */
  async #reveal(row: NodeId, sessionId: string | undefined): Promise<void> {
    const { tree, dashboards } = this.#targets;
    if (tree.tree.nodes.has(row)) await tree.reveal(row, { isTrial: true });
    else await dashboards.show(sessionId === undefined ? undefined : { sessionId });
  }
}

type RowLink = Exclude<Link, { kind: "dashboard" }>;

/** The gateway has told what there is, or there is none. */
function isKnown({ connection, model }: LinkTargets["live"]): boolean {
  return connection !== "connecting" && (connection !== "connected" || model.storeId !== "");
}

function unknownWords({ kind, id }: RowLink, connection: Connection): string {
  const why =
    connection === "connected"
      ? "It was removed, or is one of another machine."
      : "Tally's gateway does not run. Start it, and open the link again.";
  return `No ${kind} ${id} is known here. ${why}`;
}
