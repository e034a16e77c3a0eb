import type { Project, Session, Task } from "../../protocol/entities.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatAge } from "../screen/age.ts";
import { print, printJson } from "../screen/print.ts";
import { stateWords } from "../screen/session-words.ts";
import { type Style, styleFor } from "../screen/style.ts";
import { type Cell, formatTable } from "../screen/table.ts";
import { readArguments } from "../usage.ts";
import { resolveSession } from "./resolve.ts";

export async function run(args: readonly string[], { client, env }: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, { json: { type: "boolean" } }, ["id"]);
  const { id } = await resolveSession(client, operands[0]);
  const shown = await client.call("getSession", { id });
  if (values.json) printJson(shown);
  else print(formatSession(shown, styleFor(process.stdout, env), Date.now()));
  return exitCodes.ok;
}

interface Shown {
  readonly session: Session;
  readonly project: Project;
  readonly tasks: readonly Task[];
}

/** One line a fact. */
export function formatSession({ session, project, tasks }: Shown, style: Style, nowMs: number): string[] {
  const { word, style: stateStyle } = stateWords[session.state];
  const age = (at: number) => formatAge(nowMs - at);
  const facts: [string, string][] = [
    ["title", session.title],
    ["id", session.id],
    ["why", `${session.reason.text} (${session.reason.source}, ${age(session.reason.at)} ago)`],
    ["agent", session.agent],
    ["command", session.command.join(" ")],
    ["folder", session.cwd],
    ["project", project.name],
    ["mode", session.mode === "pty" ? "terminal" : "pipes of its caller"],
    ["process", describeProcess(session)],
    ["created", `${age(session.createdAt)} ago`],
    ...tasks.map((task): [string, string] => ["task", `${task.id}  ${task.state}  ${task.title}`]),
  ];
  const rows: Cell[][] = facts.map(([name, value]) => [{ text: name, style: "dim" }, { text: value }]);
  rows.splice(2, 0, [
    { text: "state", style: "dim" },
    { text: `${word} for ${age(session.stateSince)}`, style: stateStyle },
  ]);
  return formatTable(rows, { style, width: null });
}

function describeProcess({ pid, exitCode, exitSignal, endedAt }: Session): string {
  if (endedAt === null) return pid === null ? "not started" : `pid ${pid}`;
  if (exitSignal !== null) return `ended by ${exitSignal}`;
  return exitCode === null ? "ended, nobody knows how" : `ended with exit code ${exitCode}`;
}
