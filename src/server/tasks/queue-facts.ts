import type { Session, Task, Worktree } from "../../protocol/entities.ts";
import type { Pause, Settings } from "../../protocol/limits.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import { holds } from "../limits/pause-rules.ts";
import type { Store, StoredSession } from "../store/store.ts";
import type { KeptOrder } from "./kept-order.ts";

export interface QueueFactsOptions {
  readonly store: Store;
  readonly agents: AgentRegistry;
  readonly settings: () => Settings;
  /** When an account was last seen to work. */
  readonly provenAt: ReadonlyMap<string, number>;
}

/** What one look at the queue has to know, each read once: a queue may be long. */
export class QueueFacts {
  readonly #options: QueueFactsOptions;
  readonly #pauses: readonly Pause[];
  readonly #labels = new Map<string, string | null>();
  readonly #unproven = new Map<string, boolean>();
  readonly #worktrees = new Map<string, Worktree | null>();
  #liveSessions: readonly Session[] | undefined;
  readonly #sessions = new Map<string, StoredSession | null>();

  constructor(options: QueueFactsOptions) {
    this.#options = options;
    this.#pauses = options.store.openPauses();
  }

  label(accountId: string): string | null {
    return once(this.#labels, accountId, () => this.#options.store.account(accountId)?.label ?? null);
  }

  worktree(id: string | null): Worktree | null {
    return id === null ? null : once(this.#worktrees, id, () => this.#options.store.worktree(id));
  }

  session(id: string | null): StoredSession | null {
    return id === null ? null : once(this.#sessions, id, () => this.#options.store.session(id));
  }

  /** What holds a task: the limit that it met itself, or one that the gate heeds. Of several the one that ends last. */
  pauseOf({ accountId }: Task, { blockedBy, isForced, model }: KeptOrder): Pause | null {
    const met = this.#pauses.find(({ id }) => id === blockedBy);
    if (met) return met;
    if (this.#options.settings().block !== "block" || isForced || accountId === null) return null;
    return this.#pauses
      .filter((pause) => holds(pause, accountId, model))
      .reduce<Pause | null>((last, pause) => ((pause.until ?? Infinity) > (last?.until ?? 0) ? pause : last), null);
  }

  /** Whether its limits have reset, and nothing has shown yet that it works again. */
  isUnproven(accountId: string): boolean {
    return once(this.#unproven, accountId, () => {
      const [ended] = this.#options.store.endedPauses(accountId);
      if (ended?.endedBy !== "reset" || ended.endedAt === null || ended.kind === "manual") return false;
      return ended.endedAt > (this.#options.provenAt.get(accountId) ?? 0);
    });
  }

  /** Another session that has the conversation of this one open: two agents in one would write over each other. */
  besideIn({ id, conversationId, endedAt, mode }: Session): Session | null {
    if (conversationId === null || (endedAt === null && mode !== "headless")) return null;
    const isOpen = (other: Session) => other.pid !== null || other.state === "STARTING";
    return (
      this.#live().find((other) => other.id !== id && other.conversationId === conversationId && isOpen(other)) ?? null
    );
  }

  #live(): readonly Session[] {
    return (this.#liveSessions ??= this.#options.store.liveSessions());
  }

  /** Where agents work, or will go on by themselves, without the queue; and who, in words. */
  busyPlaces(): Map<string, string> {
    const { agents } = this.#options;
    const places = new Map<string, string>();
    for (const { mode, state, agent, title, continuation, worktreeId, projectId } of this.#live()) {
      // A program of which nobody knows when it works is no writer that anything could wait for.
      if (mode === "headless" || !agents.adapter(agent).headless) continue;
      const isWorking = state === "RUNNING" || state === "STARTING" || state === "WAITING_USER";
      const goesOn =
        state === "PAUSED" && (continuation?.status === "scheduled" || continuation?.status === "resuming");
      const place = worktreeId ?? projectId;
      if (isWorking) places.set(place, `Session ${title} works in its worktree.`);
      else if (goesOn) places.set(place, `Session ${title} goes on in its worktree when its limit resets.`);
    }
    return places;
  }
}

function once<T>(known: Map<string, T>, key: string, read: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const value = read();
  known.set(key, value);
  return value;
}
