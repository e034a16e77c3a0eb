import type { Session } from "../../protocol/entities.ts";
import type { Snapshot } from "../../protocol/events.ts";
import { isEnded } from "../../protocol/states.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { print, printJson } from "../screen/print.ts";
import { formatWaiting, sessionHeader, sessionRow } from "../screen/session-table.ts";
import { isToContinue } from "../screen/continuation-words.ts";
import { byUrgency, isPutAway, isWaiting } from "../screen/session-words.ts";
import { plain } from "../screen/style.ts";
import { type Surface, surfaceOf } from "../screen/surface.ts";
import { formatTable } from "../screen/table.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { openTasksWords } from "../tasks/task-words.ts";
import { readArguments, UsageError } from "../usage.ts";
import { projectIdHere } from "../worktree/project-here.ts";
import { worktreeBlock } from "../worktree/worktree-block.ts";

const ENDED_SHOWN = 3;

const options = {
  json: { type: "boolean" },
  all: { type: "boolean" },
  here: { type: "boolean" },
  waiting: { type: "boolean" },
} as const;

export async function run(args: readonly string[], { client, env }: CliContext): Promise<number> {
  const { values } = readArguments(args, options, []);
  if (values.waiting && values.all) throw new UsageError("--all is for ended sessions, and none of them waits.");
  const everything = await client.call("snapshot", {});
  const projectId = projectIdHere(everything, process.cwd());
  if (values.here && projectId === null) say("This folder is in no repository that Tally knows.");
  const snapshot = values.here ? ofProject(everything, projectId) : everything;
  const surface = surfaceOf(process.stdout, env);
  if (values.waiting) listWaiting(snapshot, values.json ?? false, surface);
  else if (values.json) printJson(withoutTasks(snapshot));
  else listByProject(snapshot, { all: values.all ?? false, projectId }, surface);
  return exitCodes.ok;
}

function withoutTasks({ projects, worktrees, processes, sessions }: Snapshot) {
  return { projects, worktrees, processes, sessions };
}

/** What belongs to one project, to none when it is null. */
export function ofProject(snapshot: Snapshot, projectId: string | null): Snapshot {
  const isIts = (each: { readonly projectId: string }) => each.projectId === projectId;
  return {
    ...snapshot,
    projects: snapshot.projects.filter(({ id }) => id === projectId),
    worktrees: snapshot.worktrees.filter(isIts),
    processes: snapshot.processes.filter(isIts),
    sessions: snapshot.sessions.filter(isIts),
    tasks: snapshot.tasks.filter(isIts),
  };
}

interface Choice {
  readonly all: boolean;
  /** The project that the person stands in, null outside of any. */
  readonly projectId: string | null;
}

function listByProject(snapshot: Snapshot, { all, projectId }: Choice, surface: Surface): void {
  const { shown, hidden } = chooseSessions(snapshot.sessions, all);
  print(formatList(snapshot, shown, surface, projectId));
  const hasWorktrees = snapshot.worktrees.some(({ status }) => status !== "seen");
  if (snapshot.sessions.length === 0 && !hasWorktrees)
    say("No sessions yet. Start one with: tally claude, or try: tally demo");
  const open = openTasksWords(snapshot.tasks, plain);
  if (open !== "") say(`Tasks: ${open}. See them with: tally queue`);
  if (hidden > 0) say(`${hidden} more ended: tally list --all`);
}

function listWaiting({ projects, sessions }: Snapshot, json: boolean, surface: Surface): void {
  const waiting = chooseWaiting(sessions);
  if (json) {
    printJson(waiting);
    return;
  }
  print(formatWaiting(waiting, projects, surface));
  if (waiting.length === 0) say("Nobody waits for you.");
}

/** Those that wait for the person, the longest waiting first. */
export function chooseWaiting(sessions: readonly Session[]): Session[] {
  return sessions.filter((session) => isWaiting(session) && !isPutAway(session)).sort(byUrgency);
}

/**
 * All live sessions and those that are to be brought back, and of the other ended ones the last few, or all. Those of removed worktrees
 * are put away: they are shown only with all, and not counted.
 */
export function chooseSessions(sessions: readonly Session[], all: boolean): { shown: Session[]; hidden: number } {
  const isOver = (session: Session) => isEnded(session) && !isToContinue(session);
  const listed = all ? sessions : sessions.filter((session) => !isPutAway(session));
  const ended = listed.filter(isOver).sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
  const endedShown = all ? ended : ended.slice(0, ENDED_SHOWN);
  const live = listed.filter((session) => !isOver(session));
  return { shown: [...live, ...endedShown].sort(byUrgency), hidden: ended.length - endedShown.length };
}

/**
 * One block a project: the one that the person stands in, then the others in the order of their most urgent sessions, then those that
 * only have worktrees. What runs in a worktree of Tally's stands under it. `shown` is sorted.
 */
export function formatList(
  { projects, worktrees, processes }: Pick<Snapshot, "projects" | "worktrees" | "processes">,
  shown: readonly Session[],
  surface: Surface,
  firstProjectId: string | null = null,
): string[] {
  const { style, width } = surface;
  const listed = worktrees.filter(({ status }) => status !== "seen").sort((a, b) => a.createdAt - b.createdAt);
  const projectIds = [...new Set([...shown, ...listed].map(({ projectId }) => projectId))].sort(
    (a, b) => Number(b === firstProjectId) - Number(a === firstProjectId),
  );
  return projectIds.flatMap((projectId, index) => {
    const project = projects.find(({ id }) => id === projectId);
    const own = listed.filter((worktree) => worktree.projectId === projectId);
    const sessions = shown.filter((session) => session.projectId === projectId);
    const isIn = ({ worktreeId }: Session) => own.some(({ id }) => id === worktreeId);
    const rows = sessions.filter((session) => !isIn(session)).map((each) => sessionRow(each, surface));
    const heading = project
      ? `${style("bold", printable(project.name))}  ${style("dim", printable(project.path))}`
      : projectId;
    return [
      ...(index > 0 ? [""] : []),
      heading,
      ...(rows.length === 0 ? [] : formatTable([sessionHeader, ...rows], { style, width, indent: "  " })),
      ...own.flatMap((worktree) => {
        const inIt = sessions.filter(({ worktreeId }) => worktreeId === worktree.id);
        return worktreeBlock({ worktree, processes, sessions: inIt }, surface);
      }),
    ];
  });
}
