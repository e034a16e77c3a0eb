import { join } from "node:path";
import type { Worktree } from "../../../protocol/entities.ts";
import type { HelperProcess } from "../../../protocol/worktrees.ts";
import type { Log } from "../../log.ts";
import type { EndedBy } from "./conclude-process.ts";
import type { InTurn } from "./in-turn.ts";
import { newProcess } from "./new-process.ts";
import type { Environment, ProcessLife } from "./process-life.ts";
import type { ProcessRows } from "./process-rows.ts";
import { lineOf } from "./shell-line.ts";

/** A setup or teardown command, as tally.json says it. */
export interface OnceOrder {
  readonly kind: "setup" | "teardown";
  /** Which of its kind: 0 is the first. */
  readonly index: number;
  readonly run: string;
  /** In the worktree, `""` for its root. */
  readonly cwd: string;
  readonly prelude: string | null;
  readonly timeoutMs: number;
  /** How often it is tried again when it fails. */
  readonly retries: number;
}

export interface Awaiting {
  readonly signal: AbortSignal;
  /** In whose terminal it runs, told before it does. */
  readonly onProcess: (id: string) => void;
}

/** `why` is a sentence for a person. */
export type OnceOutcome = { readonly ok: true } | { readonly ok: false; readonly why: string };

export interface OnceCommandsOptions {
  readonly rows: ProcessRows;
  readonly life: ProcessLife;
  readonly inTurn: InTurn;
  readonly log: Log;
  readonly now: () => number;
}

/** What a timer can wait. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Commands that run once and are waited for. Nobody waits for them any more once the gateway that began them is gone. */
export class OnceCommands {
  readonly #options: OnceCommandsOptions;
  /** Those that are waited for. */
  readonly #awaited = new Set<string>();

  constructor(options: OnceCommandsOptions) {
    this.#options = options;
  }

  /** Runs a command until it succeeds, its tries are used up, or it is cancelled. */
  async run(worktree: Worktree, order: OnceOrder, env: Environment, awaiting: Awaiting): Promise<OnceOutcome> {
    const id = this.#describe(worktree, order);
    awaiting.onProcess(id);
    this.#awaited.add(id);
    try {
      return await this.#options.inTurn.do(id, () => this.#tryOut(id, order, env, awaiting.signal));
    } finally {
      this.#awaited.delete(id);
    }
  }

  /** One that nobody waits for is ended, so that it can be run again. */
  runs({ id }: HelperProcess): void {
    if (this.#awaited.has(id)) return;
    const { inTurn, life, log } = this.#options;
    inTurn
      .do(id, () => life.end(id, "gateway-gone", false))
      .catch((error: unknown) => log.warn("abandoned command not ended", { id, error }));
  }

  async #tryOut(id: string, order: OnceOrder, env: Environment, signal: AbortSignal): Promise<OnceOutcome> {
    for (let retries = order.retries; ; retries--) {
      if (signal.aborted) return { ok: false, why: "It was cancelled." };
      const ended = await this.#runOnce(id, order.timeoutMs, env, signal);
      if (ended.state === "DONE") return { ok: true };
      if (retries <= 0) return { ok: false, why: ended.reason };
    }
  }

  async #runOnce(id: string, timeoutMs: number, env: Environment, signal: AbortSignal): Promise<HelperProcess> {
    const { life, log } = this.#options;
    const end = (endedBy: EndedBy) => {
      life.end(id, endedBy, false).catch((error: unknown) => log.warn("command not ended", { id, error }));
    };
    const cancel = () => end("cancel");
    await life.launch(id, env);
    const timer = setTimeout(() => end("time-limit"), Math.min(timeoutMs, MAX_TIMEOUT_MS)).unref();
    signal.addEventListener("abort", cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      return await life.untilEnded(id);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancel);
    }
  }

  /** The row of this command, the one of an earlier time where there is one. */
  #describe(worktree: Worktree, { kind, index, run, prelude, cwd }: OnceOrder): string {
    const { rows, now } = this.#options;
    const name = `${kind} ${index + 1}`;
    const known = rows.of(worktree.id).find((each) => each.kind === kind && each.name === name);
    const process = known ?? newProcess(worktree, kind, name, now());
    const kept = known ? rows.kept(known.id) : { isWanted: false, generation: 0, endedBy: null, isDropped: false };
    return rows.put(
      { ...process, command: lineOf(prelude, run), cwd: join(worktree.path, cwd) },
      { ...kept, run, prelude, env: {} },
    ).id;
  }
}
