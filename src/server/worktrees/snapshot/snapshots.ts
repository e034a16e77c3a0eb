import { TallyError } from "../../../protocol/errors.ts";
import type { SnapshotInfo } from "../../../protocol/worktrees.ts";
import { labelOf, type Manifest, readManifest } from "./manifest.ts";
import { plainGit } from "./object-store.ts";
import { SNAPSHOTS } from "./snapshot-ref.ts";

export interface Snapshot {
  readonly info: SnapshotInfo;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly manifest: Manifest;
}

interface ListedSnapshot {
  readonly info: SnapshotInfo;
  readonly commit: string;
}

/** @throws {TallyError} `snapshot-not-found` */
export async function readSnapshot(commonDir: string, ref: string): Promise<Snapshot> {
  const { info, commit } = await snapshotAt(commonDir, ref);
  const { stdout } = await plainGit(commonDir)(["cat-file", "blob", `${commit}:manifest.json`]);
  const manifest = readManifest(stdout.toString("utf8"), ref);
  return { info, extra: manifest.extra, manifest };
}

/** The latest first. */
export async function listSnapshots(commonDir: string): Promise<SnapshotInfo[]> {
  const found = await listed(commonDir, SNAPSHOTS);
  return found.map(({ info }) => info).sort((a, b) => b.takenAt - a.takenAt || (a.ref < b.ref ? 1 : -1));
}

/** Forgets it for good. @throws {TallyError} `snapshot-not-found` */
export async function dropSnapshot(commonDir: string, ref: string): Promise<void> {
  const { commit } = await snapshotAt(commonDir, ref);
  await plainGit(commonDir)(["update-ref", "--no-deref", "-d", ref, commit]);
}

/** Null when there is no such snapshot. */
export async function findSnapshot(commonDir: string, ref: string): Promise<ListedSnapshot | null> {
  if (!ref.startsWith(SNAPSHOTS)) return null;
  return (await listed(commonDir, ref)).find(({ info }) => info.ref === ref) ?? null;
}

async function snapshotAt(commonDir: string, ref: string): Promise<ListedSnapshot> {
  const found = await findSnapshot(commonDir, ref);
  if (!found) throw new TallyError("snapshot-not-found", `There is no snapshot ${ref}. See what there is: tally prune`);
  return found;
}

/** One run of git, however many there are: what a list says of them is in their commits' messages. */
async function listed(commonDir: string, prefix: string): Promise<ListedSnapshot[]> {
  const format = "--format=%(refname)%00%(objectname)%00%(contents)%00";
  const { stdout } = await plainGit(commonDir)(["for-each-ref", format, prefix]);
  const fields = stdout.toString("utf8").split("\0");
  const found: ListedSnapshot[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [ref = "", commit = "", message = ""] = fields.slice(at, at + 3);
    const label = labelOf(message);
    if (label) found.push({ info: { ref: ref.trimStart(), ...label }, commit });
  }
  return found;
}
