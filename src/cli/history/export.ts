import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Task } from "../../protocol/entities.ts";
import { csvHeader, csvRow } from "./csv.ts";
import type { OpenedHistory } from "./pages.ts";

/** One session to be written, with as many of its tasks as are wanted. */
export interface Exported extends Omit<OpenedHistory, "tasks"> {
  readonly tasks: AsyncIterable<Task>;
}

/** An array of sessions, each with its plans and tasks, written as it is read. */
export async function writeJson(sessions: AsyncIterable<Exported>, out: Writable): Promise<void> {
  let before = "[\n";
  for await (const { history, plans, tasks } of sessions) {
    const session = JSON.stringify({ ...history, plans });
    await write(out, `${before}${session.slice(0, -1)},"tasks":[`);
    let between = "\n";
    for await (const task of tasks) {
      await write(out, between + JSON.stringify(task));
      between = ",\n";
    }
    await write(out, "]}");
    before = ",\n";
  }
  await write(out, before === "[\n" ? "[]\n" : "\n]\n");
}

/** RFC 4180 with a header: one row a task. */
export async function writeCsv(sessions: AsyncIterable<Exported>, out: Writable): Promise<void> {
  await write(out, csvHeader);
  for await (const { history, tasks } of sessions) {
    for await (const task of tasks) await write(out, csvRow(history, task));
  }
}

/** No faster than the reader takes it, so that what waits to be read does not grow. */
async function write(out: Writable, text: string): Promise<void> {
  if (!out.write(text)) await once(out, "drain");
}
