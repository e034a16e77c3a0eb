import * as z from "zod";
import { TallyError } from "../../../protocol/errors.ts";
import { snapshotInfoSchema } from "../../../protocol/worktrees.ts";
import { nameOf, parentOf, rawSchema, textOf } from "./raw-path.ts";

const common = { path: rawSchema, mtimeMs: z.number() };
const mode = z.number().int().min(0).max(0o7777);
const objectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

const folderSchema = z.object({ type: z.literal("folder"), ...common, mode });
const fileSchema = z.object({
  type: z.literal("file"),
  ...common,
  mode,
  size: z.number().int().nonnegative(),
  blob: objectId,
});
const linkSchema = z.object({
  type: z.literal("link"),
  ...common,
  target: rawSchema,
  /** Windows has two kinds of links, and junctions. */
  isToFolder: z.boolean(),
});

/** One thing in a folder. The folder itself has the empty path, and comes first; every folder comes before what is in it. */
export const entrySchema = z.discriminatedUnion("type", [folderSchema, fileSchema, linkSchema]);
export type Entry = z.output<typeof entrySchema>;
export type FileEntry = z.output<typeof fileSchema>;

/** A branch that may go with the worktree, and all that goes with a branch. */
const branchSchema = z.object({
  name: z.string(),
  tip: objectId,
  log: rawSchema.nullable(),
  /** Its section of the repository's configuration: its upstream. */
  config: z.array(z.tuple([z.string(), z.string()])),
});
export type KeptBranch = z.output<typeof branchSchema>;

/** All that a snapshot knows, but for the contents of files. */
export const manifestSchema = z.object({
  version: z.literal(1),
  extra: z.record(z.string(), z.unknown()),
  /** Where things were: what git and submodules write down of their places fits as long as these are the same. */
  places: z.object({ path: z.string(), commonDir: z.string(), adminId: z.string() }),
  /** `.git` in the worktree, and `gitdir` in git's folder for it, which point to one another. */
  pointers: z.object({ gitFile: rawSchema.nullable(), gitdir: rawSchema.nullable() }),
  /** The commit that was checked out; null before the first one. */
  head: objectId.nullable(),
  /** The branch that HEAD was on; null when it was detached. */
  headBranch: z.string().nullable(),
  branches: z.array(branchSchema),
  folder: z.array(entrySchema),
  /** Git's folder of the worktree: HEAD, index, reflog, what is under way, the repositories of submodules. */
  admin: z.array(entrySchema),
});
export type Manifest = z.output<typeof manifestSchema>;

export function manifestJson(manifest: Manifest): string {
  return JSON.stringify(z.encode(manifestSchema, manifest));
}

/** @throws {TallyError} `snapshot-not-found` for one that this version cannot read, or that would write outside of its folder */
export function readManifest(json: string, ref: string): Manifest {
  const manifest = manifestSchema.safeParse(JSON.parse(json));
  if (!manifest.success) {
    throw new TallyError(
      "snapshot-not-found",
      `${ref} was not taken by this version of Tally. Update Tally, then restore it.`,
    );
  }
  for (const entries of [manifest.data.folder, manifest.data.admin]) {
    const stray = strayEntry(entries);
    if (stray) {
      throw new TallyError("snapshot-not-found", `${ref} is damaged: ${textOf(stray.path)} is in no folder of it.`);
    }
  }
  return manifest.data;
}

/** An entry that is not in a folder listed before it. So nothing is ever written through a link, or upwards. */
export function strayEntry(entries: readonly Entry[]): Entry | undefined {
  const folders = new Set<string>();
  const seen = new Set<string>();
  return entries.find((entry, index) => {
    const { path, type } = entry;
    const name = nameOf(path);
    const isRoot = path === "" && index === 0 && type === "folder";
    const isIn =
      folders.has(parentOf(path)) && !/^(?:|\.|\.\.)$|[\0]/.test(name) && (path.includes("/") || name === path);
    const isBackwards = process.platform === "win32" && /[\\:]/.test(path);
    if ((!isRoot && !isIn) || seen.has(path) || isBackwards) return true;
    seen.add(path);
    if (type === "folder") folders.add(path);
    return false;
  });
}

/** What a commit's message says of the snapshot, so that a list of them reads no manifest. */
const labelSchema = snapshotInfoSchema.omit({ ref: true }).extend({ version: z.literal(1) });
export type Label = Omit<z.infer<typeof labelSchema>, "version">;

const LABEL = "\nTally-Snapshot: ";

export function commitMessage(label: Label): string {
  const json = JSON.stringify({ version: 1, ...label });
  const ascii = json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `Snapshot of a worktree\n\nAll that it was when it was removed. tally restore brings it back.\n${LABEL}${ascii}\n`;
}

/** Null: no snapshot, or none of this version. */
export function labelOf(message: string): Label | null {
  const start = message.lastIndexOf(LABEL);
  if (start < 0) return null;
  try {
    const { version: _, ...label } = labelSchema.parse(JSON.parse(message.slice(start + LABEL.length)));
    return label;
  } catch {
    return null;
  }
}
