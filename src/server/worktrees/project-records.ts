import { existsSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { Project, Worktree } from "../../protocol/entities.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import { excludeLines, HISTORY_LINE, keepExcluded } from "./exclude.ts";
import { type MainCheckout, mainCheckoutOf } from "./main-checkout.ts";
import { readSessionsFile, type SessionsFileEntry, writeSessionsFile } from "./sessions-file.ts";
import { isManaged } from "./worktree-rows.ts";

type Place = Pick<MainCheckout, "projectId" | "commonDir" | "mainPath" | "isBare">;

/** What Tally writes into a project beside its worktrees: `.tally-sessions`, and what keeps that, links and copies of sessions out of git. */
export class ProjectRecords {
  readonly #store: Store;
  readonly #log: Log;
  readonly #ofAgents: readonly string[];
  /** One write of a project at a time, in order. */
  readonly #writing = new Map<string, Promise<void>>();

  /** @param ofAgents files in a worktree that were carried over for agents */
  constructor({
    store,
    log,
    ofAgents,
  }: {
    readonly store: Store;
    readonly log: Log;
    readonly ofAgents: readonly string[];
  }) {
    this.#ofAgents = ofAgents;
    this.#store = store;
    this.#log = log;
  }

  /** Mirrors what the store knows now. What cannot be written is logged: no worktree fails because of it. */
  async changed(place: Place): Promise<void> {
    const before = this.#writing.get(place.projectId) ?? Promise.resolve();
    const written = before
      .then(() => this.#write(place))
      .catch((error: unknown) => {
        this.#log.warn("records of a project not written", { project: place.mainPath, error });
      });
    this.#writing.set(place.projectId, written);
    await written;
  }

  /** Mirrors what the store knows where a gateway was killed before it did: worktrees are named that are gone. */
  catchUp(): void {
    const kept = this.#store.worktrees().filter(isManaged);
    for (const { id, path } of this.#store.projects()) {
      const names = new Set(kept.filter(({ projectId }) => projectId === id).map(({ name }) => name));
      if (this.#written(id).every((name) => names.has(name))) continue;
      // Where the repository is away, or another one is in its place, there is nothing to write to.
      mainCheckoutOf(path).then(
        (main) => (main.projectId === id ? this.changed(main) : undefined),
        () => undefined,
      );
    }
  }

  /** The entries of a `.tally-sessions` that somebody else wrote, read once a project. */
  async foreign(project: Project): Promise<SessionsFileEntry[]> {
    const key = `imported-tally-sessions:${project.id}`;
    if (this.#store.value(key) !== undefined) return [];
    const { entries, problem } = await readSessionsFile(project.path);
    if (problem !== null) this.#log.warn("a .tally-sessions is not read", { project: project.path, problem });
    this.#store.change((transaction) => transaction.putValue(key, { at: Date.now() }));
    return entries;
  }

  /** From now on a project's copies of its sessions are kept out of git too. @throws where that can not be written */
  async keepHistoryOut(place: Pick<Place, "projectId" | "commonDir">): Promise<void> {
    this.#store.change((transaction) => transaction.putValue(historyKey(place.projectId), true));
    await this.#exclude(place);
  }

  async #exclude({ projectId, commonDir }: Pick<Place, "projectId" | "commonDir">): Promise<void> {
    const worktrees = this.#managed(projectId);
    const carried = this.#ofAgents.filter((file) => worktrees.some(({ path }) => existsSync(join(path, file))));
    const shared = [...new Set([...worktrees.flatMap((each) => each.shared), ...carried])];
    const ofHistory = this.#store.value(historyKey(projectId)) === true ? [HISTORY_LINE] : [];
    await keepExcluded(commonDir, [...(worktrees.length === 0 ? [] : excludeLines({ shared })), ...ofHistory]);
  }

  #managed(projectId: string): Worktree[] {
    return this.#store.worktrees().filter((each) => each.projectId === projectId && isManaged(each));
  }

  /** The names under which Tally has written entries into its `.tally-sessions`. */
  #written(projectId: string): string[] {
    return z
      .array(z.string())
      .catch([])
      .parse(this.#store.value(writtenKey(projectId)));
  }

  async #write({ projectId, commonDir, mainPath, isBare }: Place): Promise<void> {
    await this.#exclude({ projectId, commonDir });
    if (isBare) return;
    const worktrees = this.#managed(projectId);
    const key = writtenKey(projectId);
    const written = this.#written(projectId);
    const names = worktrees.map(({ name }) => name);
    // Said before it is done: what is written and not known to be ours could never be taken out again.
    this.#store.change((transaction) => transaction.putValue(key, [...new Set([...written, ...names])]));
    await writeSessionsFile(mainPath, worktrees.map(entryOf), written);
    this.#store.change((transaction) => transaction.putValue(key, names));
  }
}

const writtenKey = (projectId: string) => `written-tally-sessions:${projectId}`;

/** Set once Tally has put copies of sessions into the project; they stay when the setting is taken back, and so does this. */
const historyKey = (projectId: string) => `history-in-project:${projectId}`;

function entryOf({ name, path, branch, ports }: Worktree): SessionsFileEntry {
  return { name, worktree: path, branch, ports };
}
