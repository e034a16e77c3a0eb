import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TallyError } from "../../../protocol/errors.ts";
import type { KeptBranch, Manifest } from "./manifest.ts";
import { gitText, type PlainGit } from "./object-store.ts";
import { bytesOf } from "./raw-path.ts";

/** What HEAD of a restored worktree is to be. */
export type RestoredHead =
  | { readonly kind: "as-it-was"; readonly branch: string | null }
  | { readonly kind: "detached"; readonly at: string }
  /** Nothing was committed yet, and there is a branch of that name now. */
  | { readonly kind: "unborn"; readonly branch: string };

export interface RestoredBranches {
  readonly head: RestoredHead;
  /** Branches that were made anew. */
  readonly made: readonly KeptBranch[];
  readonly notes: readonly string[];
}

/** Makes branches anew that have gone with the worktree, and says where HEAD can be. Branches that are there are not touched. */
export async function restoreBranches(git: PlainGit, commonDir: string, manifest: Manifest): Promise<RestoredBranches> {
  const { headBranch, head } = manifest;
  const made: KeptBranch[] = [];
  const notes: string[] = [];
  let restored: RestoredHead = { kind: "as-it-was", branch: headBranch };
  try {
    for (const branch of manifest.branches) {
      const { name, tip } = branch;
      const now = await tipOf(git, name);
      if (now === null && (await makeBranch(git, commonDir, branch))) made.push(branch);
      const why = now === tip || made.includes(branch) ? await whereElse(git, name) : movedWhy(branch, now);
      if (why === null) continue;
      if (name === headBranch && head !== null) {
        restored = { kind: "detached", at: head };
        notes.push(`${why} HEAD is detached at ${head.slice(0, 10)}, the commit that it was on.`);
      } else if (name !== headBranch && now !== tip) notes.push(why);
    }
    if (headBranch !== null && head === null && (await tipOf(git, headBranch)) !== null) {
      const branch = await freeName(git, headBranch);
      restored = { kind: "unborn", branch };
      notes.push(`Branch ${headBranch} had no commit, and there is one of that name now: it is called ${branch} here.`);
    }
  } catch (error) {
    await unmakeBranches(git, made);
    throw error;
  }
  return { head: restored, made, notes };
}

/** Takes back what {@link restoreBranches} made, where nobody has moved it meanwhile. */
export async function unmakeBranches(git: PlainGit, made: readonly KeptBranch[]): Promise<void> {
  for (const { name, tip, config } of made) {
    const { code } = await git(["update-ref", "-d", `refs/heads/${name}`, tip], { okCodes: [0, 1, 128] });
    if (code === 0 && config.length > 0) {
      await git(["config", "--local", "--remove-section", `branch.${name}`], { okCodes: [0, 1, 5, 128] });
    }
  }
}

async function makeBranch(git: PlainGit, commonDir: string, branch: KeptBranch): Promise<boolean> {
  const { name, tip, log, config } = branch;
  const ref = `refs/heads/${name}`;
  try {
    await git(["update-ref", "--no-deref", ref, tip, "0".repeat(tip.length)]);
  } catch (error) {
    // Such as `feature` where there is `feature/payment` now, or one that has just been made.
    if (error instanceof TallyError && error.code === "git-failed") return false;
    throw error;
  }
  if (log !== null) {
    const place = join(commonDir, "logs", ref);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, bytesOf(log));
  }
  const present = await git(["config", "--local", "--get-regexp", `^branch\\.${escaped(name)}\\.`], {
    okCodes: [0, 1],
  });
  if (present.code === 0) return true;
  for (const [key, value] of config) await git(["config", "--local", "--add", `branch.${name}.${key}`, value]);
  return true;
}

function movedWhy({ name, tip }: KeptBranch, now: string | null): string {
  if (now === null)
    return `Branch ${name} could not be made again: another name is in its way. It was at ${tip.slice(0, 10)}.`;
  return `Branch ${name} is at another commit now (${now.slice(0, 10)}); it was at ${tip.slice(0, 10)}.`;
}

async function whereElse(git: PlainGit, name: string): Promise<string | null> {
  const place = Buffer.from(
    await gitText(git, ["for-each-ref", "--format=%(worktreepath)", `refs/heads/${name}`]),
    "latin1",
  );
  return place.length === 0 ? null : `Branch ${name} is checked out in ${place.toString("utf8")} now.`;
}

async function tipOf(git: PlainGit, name: string): Promise<string | null> {
  const { code, stdout } = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `refs/heads/${name}`], {
    okCodes: [0, 1, 128],
  });
  return code === 0 ? stdout.toString("latin1").trim() : null;
}

async function freeName(git: PlainGit, name: string): Promise<string> {
  for (let count = 2; ; count += 1) {
    const free = `${name}-${count}`;
    if ((await tipOf(git, free)) === null) return free;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
