import { readDuration } from "../../protocol/duration.ts";
import type { AddTask } from "../../protocol/queue-routes.ts";
import { type TaskType, taskTypeSchema } from "../../protocol/tasks.ts";
import { readArguments, UsageError } from "../usage.ts";

const options = {
  session: { type: "string" },
  worktree: { type: "string" },
  new: { type: "string" },
  from: { type: "string" },
  "no-setup": { type: "boolean" },
  agent: { type: "string" },
  persona: { type: "string" },
  type: { type: "string" },
  "time-limit": { type: "string" },
  wait: { type: "boolean" },
  force: { type: "boolean" },
  trust: { type: "boolean" },
  follow: { type: "boolean" },
  json: { type: "boolean" },
  file: { type: "string" },
  first: { type: "boolean" },
} as const;
type OptionName = keyof typeof options;

export type TaskCommand = "run" | "queue add";

/** Where a task is to be done, in the words of the person. */
export type TaskTarget =
  | { readonly kind: "here" }
  | { readonly kind: "session" | "worktree"; readonly ref: string }
  /** In a worktree that is made for it. */
  | { readonly kind: "new"; readonly name: string; readonly from: string | null; readonly skipCommands: boolean };

/** What a command line says of the tasks that it hands over. */
export interface TaskWish {
  readonly command: TaskCommand;
  /** Null: it comes from stdin or from a file. */
  readonly prompt: string | null;
  readonly file: string | null;
  readonly target: TaskTarget;
  readonly order: Pick<AddTask, "agent" | "persona" | "args" | "type" | "timeLimitMs">;
  /** What to do while a pause holds it; null: nothing was said. */
  readonly whenPaused: "wait" | "start" | null;
  readonly isFirst: boolean;
  readonly isTrusted: boolean;
  readonly isFollowed: boolean;
  readonly json: boolean;
}

/** Only of `tally queue add`. */
const forQueue: readonly OptionName[] = ["file", "first"];
const MAX_TIME_LIMIT_MS = 7 * 24 * 3_600_000;

/** @param command `run`, or `queue add`, which has more options. @throws {UsageError} for what contradicts itself. */
export function readTaskWish(args: readonly string[], command: TaskCommand): TaskWish {
  const split = args.indexOf("--");
  const [own, agentArgs] = split < 0 ? [args, []] : [args.slice(0, split), args.slice(split + 1)];
  const { values, operands, given } = readArguments(dashedLast(own), options, [], ["prompt"]);
  const wrong = command === "run" ? given.find(({ name }) => forQueue.some((each) => each === name)) : undefined;
  if (wrong) throw new UsageError(`--${wrong.name} is for: tally queue add`);
  const { agent, persona, wait = false, force = false, file, follow = false } = values;
  if (wait && force) throw new UsageError("--wait and --force exclude each other.");
  const target = targetOf(values);
  if (target.kind === "session" && (agent ?? persona) !== undefined) {
    throw new UsageError("A session has its agent: --agent and --persona are for a new one.");
  }
  const [prompt] = operands;
  if (file !== undefined && prompt !== undefined)
    throw new UsageError("The prompts are in the file: no other goes with it.");
  if (file !== undefined && follow) throw new UsageError("--follow shows one task, and a file may hold several.");
  if (prompt?.trim() === "") throw new UsageError("The prompt is empty.");
  return {
    command,
    prompt: prompt === undefined || prompt === "-" ? null : prompt,
    file: file ?? null,
    target,
    order: {
      ...(agent === undefined ? {} : { agent }),
      ...(persona === undefined ? {} : { persona }),
      args: [...agentArgs],
      ...(values.type === undefined ? {} : { type: readType(values.type) }),
      ...(values["time-limit"] === undefined ? {} : { timeLimitMs: readTimeLimit(values["time-limit"]) }),
    },
    whenPaused: force ? "start" : wait ? "wait" : null,
    isFirst: values.first ?? false,
    isTrusted: values.trust ?? false,
    isFollowed: follow,
    json: values.json ?? false,
  };
}

/** A prompt may be a list, and begin with a dash as no option does: it stands behind all options then. */
function dashedLast(words: readonly string[]): string[] {
  const isPrompt = (word: string) => /^-+\s/.test(word);
  const prompts = words.filter(isPrompt);
  return prompts.length === 0 ? [...words] : [...words.filter((word) => !isPrompt(word)), "--", ...prompts];
}

interface GivenPlace {
  readonly session?: string | undefined;
  readonly worktree?: string | undefined;
  readonly new?: string | undefined;
  readonly from?: string | undefined;
  readonly "no-setup"?: boolean | undefined;
}

function targetOf(given: GivenPlace): TaskTarget {
  const { session, worktree, new: name, from } = given;
  if ([session, worktree, name].filter((each) => each !== undefined).length > 1) {
    throw new UsageError("--session, --worktree and --new exclude each other.");
  }
  if (name === undefined && (from !== undefined || given["no-setup"] !== undefined)) {
    throw new UsageError("--from and --no-setup are for a new worktree: --new NAME");
  }
  if (session !== undefined) return { kind: "session", ref: session };
  if (worktree !== undefined) return { kind: "worktree", ref: worktree };
  if (name === undefined) return { kind: "here" };
  return { kind: "new", name, from: from ?? null, skipCommands: given["no-setup"] ?? false };
}

function readType(word: string): TaskType {
  const parsed = taskTypeSchema.safeParse(word);
  if (parsed.success) return parsed.data;
  throw new UsageError(`"${word}" is no type of task. There is: ${taskTypeSchema.options.join(", ")}.`);
}

/** Null: none. */
function readTimeLimit(text: string): number | null {
  if (text.trim().toLowerCase() === "none") return null;
  const ms = readDuration(text);
  if (ms === null || ms <= 0) throw new UsageError(`"${text}" is no duration. Say for example 30m, 2h or none.`);
  if (ms > MAX_TIME_LIMIT_MS)
    throw new UsageError("A time limit is seven days at most. Without one: --time-limit none");
  return ms;
}
