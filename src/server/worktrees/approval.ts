import { createHash } from "node:crypto";
import { TallyError } from "../../protocol/errors.ts";
import type { WorktreeRecipe } from "../../protocol/tally-json.ts";
import type { RepositoryCommands } from "../../protocol/worktree-routes.ts";
import { canonicalJson } from "../canonical-json.ts";
import type { Store } from "../store/store.ts";

/** Under which a person's approval of a hash is kept. */
const approvalKey = (hash: string) => `approved-commands:${hash}`;

const SHOWN_KEPT = 100;

/** What repositories would run in worktrees, and whether a person has approved exactly that. */
export class Approvals {
  readonly #store: Pick<Store, "value" | "change">;
  /** What was asked for lately, by hash: which commit of a bare repository it comes from is known only there. */
  readonly #shown = new Map<string, RepositoryCommands>();

  constructor({ store }: { readonly store: Pick<Store, "value" | "change"> }) {
    this.#store = store;
  }

  /**
   * What a recipe would run; null when that is nothing.
   * @param place of the project: one repository's approval is none for the next, whose `./bin/setup` is another. Its worktrees share it.
   * @param path where its `tally.json` is.
   */
  commandsOf(place: { readonly commonDir: string }, recipe: WorktreeRecipe, path: string): RepositoryCommands | null {
    const said = {
      agent: recipe.agent ?? null,
      prelude: recipe.prelude,
      setup: recipe.setup.map(({ run, cwd }) => ({ run, cwd })),
      teardown: recipe.teardown.map(({ run, cwd }) => ({ run, cwd })),
      processes: recipe.processes.map(({ name, run, cwd, env }) => ({ name, run, cwd, env: { ...env } })),
    };
    if (said.agent === null && !runsCommands(recipe)) return null;
    const hash = createHash("sha256")
      .update(canonicalJson({ project: place.commonDir, ...said }))
      .digest("hex");
    const commands = { path, ...said, hash, isApproved: this.isApproved(hash) };
    this.#shown.delete(hash);
    this.#shown.set(hash, commands);
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > SHOWN_KEPT && oldest !== undefined) this.#shown.delete(oldest);
    return commands;
  }

  /** What a project was found to run lately, under this hash; null when it is none of it. */
  shown(hash: string): RepositoryCommands | null {
    return this.#shown.get(hash) ?? null;
  }

  isApproved(hash: string): boolean {
    return this.#store.value(approvalKey(hash)) !== undefined;
  }

  /**
   * A person approves what a repository would run.
   * @param commands what it would run now.
   * @param hash of what they have seen.
   * @throws {TallyError} `approval-needed` with what it would run now, when that is something else
   */
  approve(commands: RepositoryCommands, hash: string): RepositoryCommands {
    if (commands.isApproved) return commands;
    if (commands.hash !== hash) {
      const what = `${commands.path} says something else by now. Look at what it would run again, then approve it.`;
      throw new TallyError("approval-needed", what, { commands });
    }
    this.#store.change((transaction) => transaction.putValue(approvalKey(hash), { path: commands.path }));
    return { ...commands, isApproved: true };
  }
}

/** Whether a recipe names commands, besides an agent. */
export function runsCommands({ setup, teardown, processes }: WorktreeRecipe): boolean {
  return setup.length + teardown.length + processes.length > 0;
}

/**
 * Lets through what a person has approved, and what runs nothing.
 * @throws {TallyError} `approval-needed` with `details: {commands}`
 */
export function requireApproval(commands: RepositoryCommands | null): void {
  if (commands === null || commands.isApproved) return;
  throw new TallyError(
    "approval-needed",
    `${commands.path} names what to run, and you have not approved what it says now. Look at it and approve it first.`,
    { commands },
  );
}
