import { personaSchema, type Settings, settingsSchema } from "../protocol/limits.ts";
import { problemOfWorktreeTemplate } from "../protocol/worktree-names.ts";

/** A setting of the person's that says nothing valid. */
export interface SettingProblem {
  /** As it is written in the settings. */
  readonly key: string;
  readonly text: string;
}

/** Where each of the gateway's settings stands among the editor's. */
export const settingKeys = {
  block: "limits.block",
  resumeBy: "limits.resumeBy",
  resumePrompt: "limits.resumePrompt",
  quietHours: "limits.quietHours",
  maxConcurrentResumes: "limits.maxConcurrentResumes",
  warnAtPercent: "limits.warnAtPercent",
  worktreePath: "worktrees.path",
  worktreeAgent: "worktrees.agent",
  carryClaudePermissions: "worktrees.carryClaudePermissions",
  maxTasks: "tasks.maxAtOnce",
  maxTasksPerAccount: "tasks.maxAtOncePerAccount",
  minFreeMemoryMb: "tasks.minFreeMemory",
  taskTimeLimitMinutes: "tasks.timeLimit",
  historyInProject: "history.inProject",
} as const satisfies Record<Exclude<keyof Settings, "personas">, string>;

export const PERSONAS_KEY = "personas";

/**
 * What the person has set, as the gateway wants it. A setting is whatever somebody wrote into a file: what is not valid counts
 * as not set, and is told.
 */
export function settingsOf(read: (key: string) => unknown): {
  settings: Settings;
  problems: readonly SettingProblem[];
} {
  const problems: SettingProblem[] = [];
  const valid: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(settingKeys) as [keyof typeof settingKeys, string][]) {
    const value = written(read(key));
    const parsed = settingsSchema.shape[name].safeParse(value);
    const template = name === "worktreePath" && parsed.success ? problemOfWorktreeTemplate(String(parsed.data)) : null;
    if (template !== null) problems.push({ key: `tally.${key}`, text: template });
    else if (parsed.success) valid[name] = parsed.data;
    else problems.push({ key: `tally.${key}`, text: firstMessage(parsed.error) });
  }
  const personas = personasOf(read(PERSONAS_KEY), problems);
  return { settings: settingsSchema.parse({ ...valid, personas }), problems };
}

/** An empty box in the settings editor means: not set. */
function written(value: unknown): unknown {
  return value === "" || value === null ? undefined : value;
}

/** One that is wrong does not take the others with it. */
function personasOf(value: unknown, problems: SettingProblem[]): Settings["personas"] {
  const key = `tally.${PERSONAS_KEY}`;
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    problems.push({ key, text: "It must be a list." });
    return [];
  }
  const names = new Set<string>();
  return value.flatMap((item: unknown, index) => {
    const parsed = personaSchema.safeParse(item);
    const place = `entry ${index + 1}`;
    if (!parsed.success) {
      problems.push({ key, text: `${place}: ${firstMessage(parsed.error)}` });
      return [];
    }
    if (names.has(parsed.data.name)) {
      problems.push({ key, text: `${place}: there is another persona "${parsed.data.name}" already.` });
      return [];
    }
    names.add(parsed.data.name);
    return [parsed.data];
  });
}

function firstMessage(error: {
  readonly issues: readonly { path: readonly PropertyKey[]; message: string }[];
}): string {
  const [issue] = error.issues;
  if (!issue) return "It is not valid.";
  return issue.path.length === 0 ? issue.message : `${issue.path.map(String).join(".")}: ${issue.message}`;
}
