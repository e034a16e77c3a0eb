import * as z from "zod";
import { readDuration } from "./duration.ts";

/** Windows takes `tally_home` for `TALLY_HOME`. */
export const variableName = z
  .string()
  .regex(
    /^(?![Tt][Aa][Ll][Ll][Yy]_)[A-Za-z_][A-Za-z0-9_]*$/,
    "Use letters, digits and underscore; names that begin with TALLY_ are Tally's own.",
  );

/** What is said instead of the schema's own words where a value is of another kind altogether. */
const insteadSay = (words: string) => ({
  error: ({ code }: { readonly code?: string }) => (code === "invalid_type" ? words : undefined),
});

/** A path in the repository: never out of it, and not the repository itself. */
const insidePath = z
  .string()
  .min(1)
  .max(1_000)
  .refine((path) => isInside(path), "Name a path inside the repository, with / between its parts.");

const folder = z
  .string()
  .max(1_000)
  .refine(
    (path) => partsOf(path).length === 0 || isInside(path),
    "Name a folder inside the repository, with / between its parts.",
  )
  .meta({ description: "The folder to run it in. Without it the worktree's own.", examples: ["frontend"] });

export const portName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, "Use a letter, then letters, digits, dash and underscore.");

/** `10m`, as `tally pause --for` takes it. */
const timeLimit = z.string().refine((text) => readDuration(text) !== null, "Write it as 30s, 10m or 2h.");

const shellLine = z.string("Write the shell line to run.").trim().min(1, "Write the shell line to run.").max(10_000);
const run = shellLine.describe("The shell line to run.");

export const onceSchema = z.union(
  [
    shellLine,
    z.strictObject({
      run,
      cwd: folder.optional(),
      timeout: timeLimit.default("15m").meta({ description: "How long it may take.", examples: ["30s", "10m", "2h"] }),
      retries: z.number().int().min(0).max(10).default(0).describe("How often it is tried again when it fails."),
    }),
  ],
  'Write the shell line, or {"run": "the shell line"} with cwd, timeout and retries.',
);

const processSchema = z.union(
  [
    shellLine,
    z.strictObject({
      run,
      cwd: folder.optional(),
      port: portName
        .optional()
        .describe("The name of the port that it listens on. Without it one that is named as the process is."),
      env: z
        .record(variableName, z.string().max(10_000))
        .default({})
        .meta({
          description:
            "Variables of its environment; ${TALLY_PORT_BACKEND} in a value is the port. Never a secret: the file is in the repository.",
          examples: [{ API_URL: "http://localhost:${TALLY_PORT_BACKEND}" }],
        }),
      autostart: z.boolean().default(true).describe("Whether it is started with the worktree."),
    }),
  ],
  'Write the shell line, or {"run": "the shell line"} with cwd, port, env and autostart.',
);

/** Where the first free port is looked for when tally.json gives none. */
export const PORT_BASES: Readonly<Record<string, number>> = { backend: 8000, frontend: 5000 };

const portBase = z.number().int().min(1024, "Use a port from 1024 on.").max(65_535, "Use a port up to 65535.");

/** What of `tally.json` is about worktrees. */
export const worktreeKeys = {
  base: z
    .string()
    .min(1)
    .max(300)
    .regex(/^[^-]/, "A branch's name does not begin with a dash.")
    .optional()
    .meta({
      description: "The branch that new worktrees begin from. Without it the repository's default branch.",
      examples: ["main", "origin/develop"],
    }),
  copy: z
    .array(z.string().min(1).max(1_000), insteadSay("Write a list of patterns."))
    .max(1_000)
    .optional()
    .meta({
      description:
        "Ignored files to copy into a new worktree, as patterns of .gitignore. Without it .worktreeinclude says so, else .env files are copied.",
      examples: [[".env", ".env.*"]],
    }),
  symlink: z
    .array(insidePath, insteadSay("Write a list of paths."))
    .max(1_000)
    .default([])
    .meta({
      description:
        "Files and folders of the main checkout that every worktree shares through a link: a change there reaches all of them.",
      examples: [["frontend/node_modules", "backend/db.sqlite3"]],
    }),
  ports: z
    .union(
      [z.array(portName).max(50), z.record(portName, portBase)],
      'Write a list of names, or each with the first port to try: {"backend": 8000}.',
    )
    .default([])
    .meta({
      description:
        "Ports that each worktree gets for itself, by name, with the first one to try. TALLY_PORT_<NAME> tells everything that runs there.",
      examples: [{ backend: 8000, frontend: 5000 }],
    }),
  prelude: z
    .string()
    .trim()
    .min(1)
    .max(10_000)
    .optional()
    .meta({ description: "Comes before every command.", examples: ["workon shop &&"] }),
  setup: z
    .array(onceSchema, insteadSay("Write a list of commands."))
    .max(100)
    .default([])
    .meta({
      description: "Commands to run once in a new worktree, one after the other.",
      examples: [["npm ci"]],
    }),
  teardown: z
    .array(onceSchema, insteadSay("Write a list of commands."))
    .max(100)
    .default([])
    .describe("Commands to run before a worktree is removed."),
  processes: z
    .record(portName, processSchema, insteadSay("Write commands by name."))
    .default({})
    .meta({
      description: "Commands that run all the time, each in a terminal of its own.",
      examples: [{ backend: "python manage.py runserver $TALLY_PORT_BACKEND" }],
    }),
  agent: z
    .string()
    .min(1)
    .max(100)
    .nullable()
    .optional()
    .meta({ description: "The agent that starts in a new worktree. null: none.", examples: ["claude", null] }),
};

function isInside(path: string): boolean {
  if (/^([/\\]|[A-Za-z]:)|[\\\0]/.test(path)) return false;
  const parts = partsOf(path);
  return parts.length > 0 && !parts.some((part) => part === ".." || part.toLowerCase() === ".git");
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

/** `./frontend/` and `frontend` are one. */
export function plainPath(path: string): string {
  return partsOf(path).join("/");
}
