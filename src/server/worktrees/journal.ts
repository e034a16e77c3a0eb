import * as z from "zod";
import { originSchema } from "../../protocol/entities.ts";
import type { WorktreeRecipe } from "../../protocol/tally-json.ts";

const onceSchema = z.object({ run: z.string(), cwd: z.string(), timeoutMs: z.number(), retries: z.number() });

const recipeSchema: z.ZodType<WorktreeRecipe> = z
  .object({
    base: z.string().nullable(),
    copy: z.array(z.string()).nullable(),
    symlink: z.array(z.string()),
    ports: z.array(z.object({ name: z.string(), from: z.number() })),
    prelude: z.string().nullable(),
    setup: z.array(onceSchema),
    teardown: z.array(onceSchema),
    processes: z.array(
      z.object({
        name: z.string(),
        run: z.string(),
        cwd: z.string(),
        port: z.string().nullable(),
        env: z.record(z.string(), z.string()),
        autostart: z.boolean(),
      }),
    ),
    agent: z.string().nullish(),
  })
  // JSON has no undefined, which means that it does not say.
  .transform((recipe) => ({ ...recipe, agent: recipe.agent }));

/** What git is to make, decided before anything is written. */
export const checkoutPlanSchema = z.object({
  path: z.string(),
  branch: z.string(),
  isNewBranch: z.boolean(),
  commit: z.string(),
  base: z.string().nullable(),
  track: z.string().nullable(),
});

const agentOrderSchema = z.object({
  agent: z.string(),
  persona: z.string().nullable(),
  args: z.array(z.string()),
  origin: originSchema,
});

const removalSchema = z.object({
  snapshotRef: z.string(),
  /** Where the folder is renamed to, so that nobody writes into it any more. */
  trash: z.string(),
  adminDir: z.string().nullable(),
  deleteBranch: z.object({ name: z.string(), at: z.string() }).nullable(),
  isForced: z.boolean(),
  skipCommands: z.boolean(),
  isSnapshotTaken: z.boolean(),
  /** From then on only the snapshot has all of it. */
  isDeleting: z.boolean().default(false),
  /** Its folder is no worktree of the project any more: only what Tally knows of it goes. */
  isForgetting: z.boolean().default(false),
});

/**
 * What the gateway keeps of a worktree to finish or undo what was begun, and to bring back what runs in it. Written before
 * anything is done; nothing of an environment is in it.
 */
export const journalSchema = z.object({
  recipe: recipeSchema,
  /** The agent that starts with it. */
  agent: agentOrderSchema.nullable(),
  /** Null for one that Tally did not check out. */
  plan: checkoutPlanSchema.nullable(),
  /** Neither setup nor processes. */
  skipCommands: z.boolean(),
  /** From then on there may be work in it. */
  hasBegun: z.boolean().default(false),
  removal: removalSchema.nullable().default(null),
  /** The snapshot that it is made from. */
  restoredFrom: z.string().nullable().default(null),
  /** The branch that a restore makes again, and goes with it when it is undone. */
  restoredBranch: z.object({ name: z.string(), at: z.string() }).nullable().default(null),
});
export type Journal = z.infer<typeof journalSchema>;
export type Removal = z.infer<typeof removalSchema>;
export type AgentOrder = z.infer<typeof agentOrderSchema>;

/** Reads what the store kept; null for a worktree that Tally has only seen. */
export function readJournal(kept: string | null): Journal | null {
  return kept === null ? null : (journalSchema.safeParse(JSON.parse(kept)).data ?? null);
}
