import * as z from "zod";
import { parseJson } from "./json.ts";
import { readDuration } from "./duration.ts";
import { personaSchema } from "./limits.ts";
import { oneLine } from "./visible.ts";

/** At the root of a repository. */
export const TALLY_JSON = "tally.json";

/** Windows takes `tally_home` for `TALLY_HOME`. */
const variableName = z
  .string()
  .regex(
    /^(?![Tt][Aa][Ll][Ll][Yy]_)[A-Za-z_][A-Za-z0-9_]*$/,
    "Use letters, digits and underscore; names that begin with TALLY_ are Tally's own.",
  );

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

/** A path in the repository: never out of it, and not the repository itself. */
const insidePath = z
  .string()
  .min(1)
  .max(1_000)
  .refine((path) => isInside(path), "Name a path inside the repository, with / between its parts.");

const portName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, "Use a letter, then letters, digits, dash and underscore.");

/** `10m`, as `tally pause --for` takes it. */
const timeLimit = z.string().refine((text) => readDuration(text) !== null, "Write it as 30s, 10m or 2h.");

const onceSchema = z.union([
  z.string().trim().min(1).max(10_000),
  z.strictObject({
    run: z.string().trim().min(1).max(10_000).describe("The shell line to run."),
    cwd: insidePath.optional().describe("The folder to run it in. Without it the worktree's own."),
    timeout: timeLimit.default("15m").describe("How long it may take: 30s, 10m, 2h."),
    retries: z.number().int().min(0).max(10).default(0).describe("How often it is tried again when it fails."),
  }),
]);

const processSchema = z.union([
  z.string().trim().min(1).max(10_000),
  z.strictObject({
    run: z.string().trim().min(1).max(10_000).describe("The shell line to run."),
    cwd: insidePath.optional().describe("The folder to run it in. Without it the worktree's own."),
    port: portName
      .optional()
      .describe("The name of the port that it listens on. Without it one that is named as the process is."),
    env: z
      .record(variableName, z.string().max(10_000))
      .default({})
      .describe(
        "Variables of its environment; ${TALLY_PORT_BACKEND} in a value is the port. Never a secret: the file is in the repository.",
      ),
    autostart: z.boolean().default(true).describe("Whether it is started with the worktree."),
  }),
]);

/** Where the first free port is looked for when tally.json gives none. */
export const PORT_BASES: Readonly<Record<string, number>> = { backend: 8000, frontend: 5000 };

const portBase = z.number().int().min(1024, "Use a port from 1024 on.").max(65_535);

const worktreeKeys = {
  base: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .describe("The branch that new worktrees begin from. Without it the repository's default branch."),
  copy: z
    .array(z.string().min(1).max(1_000))
    .max(1_000)
    .optional()
    .describe(
      "Ignored files to copy into a new worktree, as patterns of .gitignore. Without it .worktreeinclude says so, else .env files are copied.",
    ),
  symlink: z
    .array(insidePath)
    .max(1_000)
    .default([])
    .describe(
      "Files and folders of the main checkout that every worktree shares through a link: a change there reaches all of them.",
    ),
  ports: z
    .union([z.array(portName).max(50), z.record(portName, portBase)])
    .default([])
    .describe(
      "Ports that each worktree gets for itself, by name, with the first one to try. TALLY_PORT_<NAME> tells everything that runs there.",
    ),
  prelude: z.string().trim().min(1).max(10_000).optional().describe("Comes before every command: workon shop &&"),
  setup: z
    .array(onceSchema)
    .max(100)
    .default([])
    .describe("Commands to run once in a new worktree, one after the other."),
  teardown: z.array(onceSchema).max(100).default([]).describe("Commands to run before a worktree is removed."),
  processes: z
    .record(portName, processSchema)
    .default({})
    .describe("Commands that run all the time, each in a terminal of its own: backend, frontend."),
  agent: z
    .string()
    .min(1)
    .max(100)
    .nullable()
    .optional()
    .describe("The agent that starts in a new worktree. null: none."),
};

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
    symlink: content.symlink,
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
        cwd: ("cwd" in said ? said.cwd : undefined) ?? "",
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
  return { run: said.run, cwd: said.cwd ?? "", timeoutMs: readDuration(said.timeout) ?? 0, retries: said.retries };
}

function isInside(path: string): boolean {
  if (/^([/\\]|[A-Za-z]:)/.test(path) || path.includes("\\")) return false;
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return parts.length > 0 && !parts.includes("..") && parts[0] !== ".git";
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
  const names = parsed.data.personas.map((persona) => persona.name);
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) return { problem: `${TALLY_JSON} has two personas named ${twice}. Rename one of them.` };
  return { content: parsed.data };
}

function problemOf(issues: readonly z.core.$ZodIssue[]): string {
  const wrong = issues.map((issue) => {
    const place = z.core.toDotPath(issue.path);
    return place === "" ? wordsOf(issue) : `${place}: ${wordsOf(issue)}`;
  });
  return `${TALLY_JSON} is not as it should be, so none of it is used. Correct it: ${wrong.join("; ")}`;
}

function wordsOf(issue: z.core.$ZodIssue): string {
  // The name that is wrong says nothing of why; the reason is one deeper.
  if (issue.code === "invalid_key") return issue.issues.map(({ message }) => message).join("; ");
  return issue.message;
}
