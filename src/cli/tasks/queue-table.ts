import type { Project, Task, Worktree } from "../../protocol/entities.ts";
import type { TaskWait } from "../../protocol/tasks.ts";
import { formatAge } from "../screen/age.ts";
import { cellsIn, type NamedCells, widthOf } from "../screen/narrow-table.ts";
import { oneLine } from "../screen/request-text.ts";
import type { Surface } from "../screen/surface.ts";
import { type Cell, formatTable } from "../screen/table.ts";
import type { TimeSense } from "../screen/time-words.ts";
import { cutTo, printable } from "../screen/width.ts";
import { shortId } from "./task-ref.ts";
import { shortWaitWords, taskStateWords, tookMs, waitOf, waitWords } from "./task-words.ts";

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
  const waiting = tasks.filter(({ state }) => state !== "RUNNING");
  const rows = tasks.map((task): Row => {
    const where = whereWords(task, surroundings);
    const number = waiting.indexOf(task) + 1;
    return {
      number: { text: number === 0 ? "-" : String(number) },
      id: { text: shortId(task.id) },
      state: stateCell(task, surface.nowMs),
      agent: { text: task.agent },
      where: { text: surface.width === null ? where : cutTo(printable(where), WHERE_COLUMNS) },
      title: { text: printable(task.title) },
      wait: { text: nowWords(task, surface, waitWords) },
    };
  });
  return formatTable(fitted([header, ...rows], tasks, surface), surface);
}

type Column = "number" | "id" | "state" | "agent" | "where" | "title" | "wait";
type Row = NamedCells<Column>;

const columns: readonly Column[] = ["number", "id", "state", "agent", "where", "title", "wait"];
const header: Row = {
  number: { text: "#", style: "dim" },
  id: { text: "ID", style: "dim" },
  state: { text: "STATE", style: "dim" },
  agent: { text: "AGENT", style: "dim" },
  where: { text: "WHERE", style: "dim" },
  title: { text: "TITLE", style: "dim" },
  wait: { text: "WAITS FOR", style: "dim" },
};
/** What a narrow terminal does without, the first first: titles tell tasks apart. */
const dispensable: readonly Column[] = ["agent", "where", "state", "wait"];

/** @param rows the header, then one for each of the tasks. */
function fitted([first, ...others]: readonly [Row, ...Row[]], tasks: readonly Task[], surface: Surface): Cell[][] {
  const { width } = surface;
  const whole = [first, ...others];
  if (width === null || widthOf(whole, columns) <= width) return whole.map((row) => columns.map((name) => row[name]));
  const short = others.map((row, index): Row => {
    const task = tasks[index];
    return task ? { ...row, wait: { text: nowWords(task, surface, shortWaitWords) } } : row;
  });
  return cellsIn(width, [first, ...short], { columns, title: "title", dispensable });
}

/** What needs the person is not passed off as something that goes on by itself. */
function stateCell(task: Task, nowMs: number): Cell {
  if (waitOf(task)?.kind === "person") return { text: "needs you", style: "yellow" };
  const { word, style } = taskStateWords[task.state];
  const ms = task.state === "RUNNING" ? tookMs(task, nowMs) : null;
  return { text: ms === null ? word : `${word} ${formatAge(ms)}`, style };
}

/** What it waits for; one that runs waits for nothing. */
function nowWords(task: Task, surface: Surface, words: (wait: TaskWait, time: TimeSense) => string): string {
  const wait = waitOf(task);
  if (wait !== null) return words(wait, surface);
  return task.state === "RUNNING" ? "" : "begins now";
}

/** The worktree that it is done in; outside of any the project. */
export function whereWords({ worktreeId, projectId }: Task, { projects, worktrees }: TaskSurroundings): string {
  const worktree = worktreeId === null ? undefined : worktrees.find(({ id }) => id === worktreeId);
  const project = projects.find(({ id }) => id === projectId);
  if (worktreeId !== null && !worktree) return "a worktree that is gone";
  return oneLine(worktree?.name ?? project?.name ?? "");
}
