import { agentEnvironment } from "../../client/environment.ts";
import type { Project, Worktree } from "../../protocol/entities.ts";
import type { Snapshot } from "../../protocol/events.ts";
import { TallyError } from "../../protocol/errors.ts";
import { onceApproved } from "../approval/approved.ts";
import type { CliContext } from "../context.ts";
import { exitCodeOfError, exitCodes } from "../exit-codes.ts";
import { print, printJson } from "../screen/print.ts";
import { commandLine } from "../screen/shell-words.ts";
import { surfaceOf } from "../screen/surface.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { projectIdHere } from "../worktree/project-here.ts";
import type { FoundWorktree } from "../worktree/resolve-named.ts";
import { exitCodeOfResumed, formatResumed, type ResumedWorktree } from "../worktree/resume-text.ts";

interface Wish {
  /** Although a limit holds it. */
  readonly force: boolean;
  readonly isTrusted: boolean;
  readonly json: boolean;
}

/** Brings back what is missing in one worktree. @returns the exit code */
export async function resumeOne(found: FoundWorktree, wish: Wish, context: CliContext): Promise<number> {
  const resumed = await resume(found, wish, context);
  if (wish.json) printJson(resumed);
  else print(formatResumed(resumed, surfaceOf(process.stdout, context.env)));
  return exitCodeOfResumed([resumed]);
}

/** Brings back what is missing in all worktrees: of this project, or outside of any of every project. @returns the exit code */
export async function resumeAll(wish: Wish & { readonly all: boolean }, context: CliContext): Promise<number> {
  const snapshot = await context.client.call("snapshot", {});
  const projectId = wish.all ? null : await projectMeant(snapshot, context);
  const meant = worktreesOf(snapshot, projectId);
  const resumed: ResumedWorktree[] = [];
  let exitCode: number = exitCodes.ok;
  for (const found of meant) {
    try {
      resumed.push(await resume(found, wish, context));
    } catch (error) {
      if (!(error instanceof TallyError)) throw error;
      say(`tally resume: ${printable(found.worktree.name)}: ${error.message}`);
      exitCode = exitCodeOfError(error.code);
    }
  }
  if (wish.json) printJson(resumed);
  else for (const each of resumed) print(formatResumed(each, surfaceOf(process.stdout, context.env)));
  if (meant.length === 0) say("There is no worktree to resume. Make one with: tally add <name>");
  return exitCode === exitCodes.ok ? exitCodeOfResumed(resumed) : exitCode;
}

/**
 * The project that this folder belongs to, null outside of any. A repository that Tally has not met has an id that no worktree has:
 * what is said in it is not meant for the others.
 */
async function projectMeant(snapshot: Snapshot, { client }: CliContext): Promise<string | null> {
  const cwd = process.cwd();
  const known = projectIdHere(snapshot, cwd);
  if (known !== null) return known;
  try {
    await client.call("snapshots", { query: { cwd } });
    return "";
  } catch (error) {
    if (error instanceof TallyError && error.code === "not-a-repository") return null;
    throw error;
  }
}

/** Those that Tally looks after and that are whole, of one project or of all. */
export function worktreesOf(
  { worktrees, projects }: Pick<Snapshot, "worktrees" | "projects">,
  projectId: string | null,
): { worktree: Worktree; project: Project }[] {
  const eldestFirst = [...worktrees].sort((a, b) => a.createdAt - b.createdAt);
  return eldestFirst.flatMap((worktree) => {
    const project = projects.find(({ id }) => id === worktree.projectId);
    const isMeant = worktree.status === "ready" && (projectId === null || worktree.projectId === projectId);
    return isMeant && project ? [{ worktree, project }] : [];
  });
}

function resume(
  { worktree: { id, name }, project }: FoundWorktree,
  { force, isTrusted }: Wish,
  context: CliContext,
): Promise<ResumedWorktree> {
  const body = { force, env: agentEnvironment(context.env) };
  const trustLine = commandLine(["tally", "resume", name, "--trust"]);
  return onceApproved(() => context.client.call("resumeWorktree", { id, body }), {
    cwd: project.path,
    consent: { isTrusted, trustLine },
    context,
  });
}
