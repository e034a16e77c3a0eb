import * as z from "zod";

/** What is kept of a process besides what is shown, to start it again and to know what its end means. Nothing of an environment is in it but what tally.json says. */
const keptProcessSchema = z.object({
  run: z.string(),
  prelude: z.string().nullable(),
  /** Its own variables, as tally.json writes them. */
  env: z.record(z.string(), z.string()),
  /** It is to run: started with its worktree or by hand, and not stopped by hand. */
  isWanted: z.boolean(),
  /** Which program of its terminal runs, or is to run; 0: none was started yet. */
  generation: z.number().int().nonnegative(),
  /** Why Tally ends the program, once it does. */
  endedBy: z.enum(["person", "worktree", "time-limit", "cancel", "gateway-gone"]).nullable(),
  /** tally.json names it no more, so it is forgotten once it has ended. */
  isDropped: z.boolean(),
});
export type KeptProcess = z.infer<typeof keptProcessSchema>;

/** Reads what the store kept. */
export function readKeptProcess(kept: string | null): KeptProcess {
  return keptProcessSchema.parse(JSON.parse(kept ?? "{}"));
}
