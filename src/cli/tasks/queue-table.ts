import type { Project, Task, Worktree } from "../../protocol/entities.ts";
import { formatAge } from "../screen/age.ts";
import { oneLine } from "../screen/request-text.ts";
import type { Surface } from "../screen/surface.ts";
import { type Cell, formatTable } from "../screen/table.ts";
import { cutTo, printable } from "../screen/width.ts";
import { shortId } from "./task-ref.ts";
import { taskStateWords, tookMs, waitOf, waitWords } from "./task-words.ts";

/** What the queue's tasks belong to, to be called by its name. */
export interface TaskSurroundings {
  readonly projects: readonly Project[];
  readonly worktrees: readonly Worktree[];
}

/** A worktree's name says what it is about at its beginning. */
const WHERE_COLUMNS = 24;

/** What runs and what waits, one task a line, in the order in which it is going to run. */
export function formatQueue(tasks: readonly Task[], surroundings: TaskSurroundings, surface: Surface): string[] {
  if (tasks.length === 0) return [];
  const header = ["#", "ID", "STATE", "AGENT", "WHERE", "TITLE"].map((text): Cell => ({ text, style: "dim" }));
  const waiting = tasks.filter(({ state }) => state !== "RUNNING");
  const rows = tasks.map((task): Cell[] => {
    const where = whereWords(task, surroundings);
    const number = waiting.indexOf(task) + 1;
    return [
      { text: number === 0 ? "-" : String(number) },
      { text: shortId(task.id) },
      stateCell(task),
      { text: task.agent },
      { text: surface.width === null ? where : cutTo(printable(where), WHERE_COLUMNS) },
      { text: task.title, tail: ` · ${nowWords(task, surface)}` },
    ];
  });
  return formatTable([header, ...rows], surface);
}

/** What needs the person is not passed off as something that goes on by itself. */
function stateCell(task: Task): Cell {
  if (waitOf(task)?.kind === "person") return { text: "needs you", style: "yellow" };
  const { word, style } = taskStateWords[task.state];
  return { text: word, style };
}

/** Since when it runs, or what it waits for. */
function nowWords(task: Task, surface: Surface): string {
  const wait = waitOf(task);
  if (wait !== null) return waitWords(wait, surface);
  if (task.state !== "RUNNING") return "begins now";
  return `for ${formatAge(tookMs(task, surface.nowMs) ?? 0)}`;
}

/** The worktree that it is done in; outside of any the project. */
export function whereWords({ worktreeId, projectId }: Task, { projects, worktrees }: TaskSurroundings): string {
  const worktree = worktreeId === null ? undefined : worktrees.find(({ id }) => id === worktreeId);
  const project = projects.find(({ id }) => id === projectId);
  if (worktreeId !== null && !worktree) return "a worktree that is gone";
  return oneLine(worktree?.name ?? project?.name ?? "");
}
