import * as z from "zod";

/** Milliseconds since the epoch. */
const epochMs = z.number().int().nonnegative();

/** What kind of work it is, in the words of the session API. */
export const taskTypeSchema = z.enum(["code", "git", "file", "command"]);
export type TaskType = z.infer<typeof taskTypeSchema>;

/** What a queued task waits for. */
export const taskWaitSchema = z.object({
  kind: z.enum([
    /** A usage limit of its account. */
    "pause",
    /** Its account, or all of them, run as many as they may. */
    "slots",
    "memory",
    /** Something else works in its worktree. */
    "writer",
    /** Its session's agent is not ready for a prompt. */
    "session",
    /** Its worktree is being made, or is broken. */
    "worktree",
    /** The account's usage limits have only just reset, and another task tries that out. */
    "trial",
    /** What stopped it is to pass by itself. */
    "retry",
    /** A person has to do something; `text` says what. */
    "person",
  ]),
  text: z.string().describe("For a person, a sentence."),
  until: epochMs.nullable().default(null).describe("When it is over, where that is known."),
});
export type TaskWait = z.infer<typeof taskWaitSchema>;

/** How Tally hands a task over to its agent, and what came of it. */
export const taskRunSchema = z.object({
  via: z
    .enum(["headless", "terminal"])
    .nullable()
    .describe(
      "`headless`: in a process of its own, without a terminal. `terminal`: as the next prompt of a session that is open in one. Null before it began.",
    ),
  attempts: z.number().int().nonnegative().describe("How often it was begun."),
  waitsFor: taskWaitSchema.nullable().describe("Why it has not begun; null once it has."),
  timeLimitMs: z
    .number()
    .int()
    .positive()
    .nullable()
    .describe("How long it may take once it runs; null: as long as it wants."),
  pid: z.number().int().nullable(),
  exitCode: z.number().int().nullable(),
  exitSignal: z.string().nullable(),
});
export type TaskRun = z.infer<typeof taskRunSchema>;

/** One thing that an agent did in a headless run, for a person to read. */
export const outputEntrySchema = z.object({
  kind: z.enum([
    /** What the agent said. */
    "text",
    /** It used a tool; `text` is one line that says which, with what. */
    "tool",
    /** A tool or the agent failed at something, and went on. */
    "error",
    /** What Tally says of the run: started, stopped by a limit, begun again. */
    "note",
  ]),
  text: z.string(),
});
export type OutputEntry = z.infer<typeof outputEntrySchema>;
