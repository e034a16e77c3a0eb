import * as z from "zod";
import { parseJson } from "./json.ts";
import { readDuration } from "./duration.ts";
import { personaSchema } from "./limits.ts";
import { oneLine } from "./visible.ts";
import { onceSchema, plainPath, PORT_BASES, variableName, worktreeKeys } from "./worktree-keys.ts";
import { portVariable } from "./worktrees.ts";

/** At the root of a repository. */
export const TALLY_JSON = "tally.json";

const { name, agent, configHome, args, env } = personaSchema.shape;

const repositoryPersonaSchema = z.strictObject({
  name: name.describe("What the persona is called."),
  agent: agent.describe("The agent that it starts: claude, codex, gemini, opencode, or command for any program."),
  configHome: configHome.describe(
    "The folder that the agent keeps its settings and its login in. `~/` is the home folder; a relative path is one in the repository.",
  ),
  args: args.describe("Arguments that come before those of the launch."),
  env: z
    .record(variableName, env.unwrap().valueType)
    .default({})
    .describe("Variables of the environment. Never a secret: the file is in the repository."),
});

/** A repository's `tally.json`. What other keys it has is for later versions to say. */
export const tallyJsonSchema = z
  .looseObject({
    $schema: z.string().optional().describe("Where this schema is."),
    name: z.string().trim().min(1).max(200).optional().describe("What the project is called."),
    ide: z.string().optional().describe("The editor that opens the project: cursor, code."),
    personas: z
      .array(repositoryPersonaSchema)
      .max(100)
      .default([])
      .describe("Named ways to start an agent. Each is used only once you have approved exactly what it says."),
    ...worktreeKeys,
  })
  .describe("What Tally is to know of this repository.");
export type TallyJson = z.infer<typeof tallyJsonSchema>;

/** What `tally.json` says of worktrees, with all that may be left out filled in. */
export interface WorktreeRecipe {
  readonly base: string | null;
  /** Null: as `.worktreeinclude` says, else the usual. */
  readonly copy: readonly string[] | null;
  readonly symlink: readonly string[];
  /** Which ports it gets, and the first one to try. */
  readonly ports: readonly { readonly name: string; readonly from: number }[];
  readonly prelude: string | null;
  readonly setup: readonly OnceCommand[];
  readonly teardown: readonly OnceCommand[];
  readonly processes: readonly ProcessCommand[];
  /** Null: none; undefined: it does not say. */
  readonly agent: string | null | undefined;
}

/** A command that is waited for. */
export interface OnceCommand {
  readonly run: string;
  /** In the worktree, `""` for its root. */
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly retries: number;
}

export interface ProcessCommand {
  readonly name: string;
  readonly run: string;
  readonly cwd: string;
  /** The name of its port, null where it has none. */
  readonly port: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly autostart: boolean;
}

/** Where a port without a base, whose name we do not know, is looked for from. */
const OTHER_PORT_BASE = 9000;

/** @throws never: what cannot be is refused by the schema. */
export function recipeOf(content: TallyJson): WorktreeRecipe {
  const ports = Array.isArray(content.ports)
    ? content.ports.map((name) => ({ name, from: PORT_BASES[name] ?? OTHER_PORT_BASE }))
    : Object.entries(content.ports).map(([name, from]) => ({ name, from }));
  const names = new Set(ports.map(({ name }) => name));
  return {
    base: content.base ?? null,
    copy: content.copy ?? null,
    symlink: content.symlink.map(plainPath),
    ports,
    prelude: content.prelude ?? null,
    setup: content.setup.map(onceCommand),
    teardown: content.teardown.map(onceCommand),
    processes: Object.entries(content.processes).map(([name, written]) => {
      const said = typeof written === "string" ? { run: written } : written;
      const port = ("port" in said ? said.port : undefined) ?? (names.has(name) ? name : null);
      return {
        name,
        run: said.run,
        cwd: plainPath(("cwd" in said ? said.cwd : undefined) ?? ""),
        port,
        env: "env" in said ? said.env : {},
        autostart: "autostart" in said ? said.autostart : true,
      };
    }),
    agent: content.agent,
  };
}

function onceCommand(written: z.infer<typeof onceSchema>): OnceCommand {
  const said = typeof written === "string" ? onceSchema.options[1].parse({ run: written }) : written;
  return {
    run: said.run,
    cwd: plainPath(said.cwd ?? ""),
    timeoutMs: readDuration(said.timeout) ?? 0,
    retries: said.retries,
  };
}

const MAX_PROBLEM_LENGTH = 400;

/** What the text says, or what is wrong with it, where, and what to do, for a person. */
export function parseTallyJson(text: string): { readonly content: TallyJson } | { readonly problem: string } {
  const value = parseJson(text);
  if (value === undefined) {
    return { problem: `${TALLY_JSON} is not JSON. Correct it: there may be no comments and no trailing commas.` };
  }
  const parsed = tallyJsonSchema.safeParse(value);
  if (!parsed.success) return { problem: oneLine(problemOf(parsed.error.issues), MAX_PROBLEM_LENGTH) };
  const contradiction = contradictionIn(parsed.data);
  return contradiction === null ? { content: parsed.data } : { problem: oneLine(contradiction, MAX_PROBLEM_LENGTH) };
}

/** What cannot be in one file, though each part of it can. */
function contradictionIn({ personas, ports, processes }: TallyJson): string | null {
  const persona = firstTwice(personas, ({ name }) => name);
  if (persona) return `${TALLY_JSON} has two personas named ${persona[1].name}. Rename one of them.`;
  const names = Array.isArray(ports) ? ports : Object.keys(ports);
  const port = firstTwice(names, portVariable);
  if (port) {
    return `${TALLY_JSON}: ports: ${port[0]} and ${port[1]} would both be ${portVariable(port[1])}. Rename one of them.`;
  }
  for (const [name, said] of Object.entries(processes)) {
    if (typeof said === "string" || said.port === undefined || names.includes(said.port)) continue;
    const known = names.length === 0 ? "" : `, or name one of: ${names.join(", ")}`;
    return `${TALLY_JSON}: processes.${name}.port: there is no port ${said.port}. Add it to ports${known}.`;
  }
  return null;
}

/** The first two that are the same to `key`. */
function firstTwice<T>(all: readonly T[], key: (each: T) => string): readonly [T, T] | null {
  const seen = new Map<string, T>();
  for (const each of all) {
    const before = seen.get(key(each));
    if (before !== undefined) return [before, each];
    seen.set(key(each), each);
  }
  return null;
}

function problemOf(issues: readonly z.core.$ZodIssue[]): string {
  const wrong = issues.flatMap(innermost).map((issue) => {
    const place = z.core.toDotPath(issue.path);
    return place === "" ? wordsOf(issue) : `${place}: ${wordsOf(issue)}`;
  });
  return `${TALLY_JSON} is not as it should be, so none of it is used. Correct it: ${wrong.join("; ")}`;
}

/** Of what may be written in several ways, what is wrong with the way that was meant; the issue itself when it is none of them. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const meant = issue.errors.find((errors) =>
    errors.some(({ code, path }) => path.length > 0 || code !== "invalid_type"),
  );
  if (!meant) return [issue];
  return meant.flatMap((inner) => innermost({ ...inner, path: [...issue.path, ...inner.path] }));
}

function wordsOf(issue: z.core.$ZodIssue): string {
  // The name that is wrong says nothing of why; the reason is one deeper.
  if (issue.code === "invalid_key") return issue.issues.map(({ message }) => message).join("; ");
  return issue.message;
}
