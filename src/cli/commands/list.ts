import type { Session } from "../../protocol/entities.ts";
import type { Snapshot } from "../../protocol/events.ts";
import { isEnded } from "../../protocol/states.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatAge } from "../screen/age.ts";
import { print, printJson } from "../screen/print.ts";
import { byUrgency, stateWords } from "../screen/session-words.ts";
import { type Style, styleFor } from "../screen/style.ts";
import { type Cell, formatTable } from "../screen/table.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { readArguments } from "../usage.ts";

const ENDED_SHOWN = 3;

export async function run(args: readonly string[], { client, env }: CliContext): Promise<number> {
  const { values } = readArguments(args, { json: { type: "boolean" }, all: { type: "boolean" } }, []);
  const snapshot = await client.call("snapshot", {});
  const { projects, worktrees, sessions } = snapshot;
  if (values.json) {
    printJson({ projects, worktrees, sessions });
    return exitCodes.ok;
  }
  const { shown, hidden } = chooseSessions(sessions, values.all ?? false);
  const width = process.stdout.isTTY ? process.stdout.columns : null;
  print(formatList(snapshot, shown, { style: styleFor(process.stdout, env), width, nowMs: Date.now() }));
  if (sessions.length === 0) say("No sessions yet. Start one with: tally claude, or try: tally demo");
  if (hidden > 0) say(`${hidden} more ended: tally list --all`);
  return exitCodes.ok;
}

/** All live sessions, and of the ended ones the last few, or all. */
export function chooseSessions(sessions: readonly Session[], all: boolean): { shown: Session[]; hidden: number } {
  const ended = sessions.filter(isEnded).sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
  const endedShown = all ? ended : ended.slice(0, ENDED_SHOWN);
  const live = sessions.filter((session) => !isEnded(session));
  return { shown: [...live, ...endedShown].sort(byUrgency), hidden: ended.length - endedShown.length };
}

/** One block a project, in the order of their most urgent sessions. `shown` is sorted. */
export function formatList(
  { projects }: Pick<Snapshot, "projects">,
  shown: readonly Session[],
  { style, width, nowMs }: { style: Style; width: number | null; nowMs: number },
): string[] {
  const projectIds = [...new Set(shown.map((session) => session.projectId))];
  return projectIds.flatMap((projectId, index) => {
    const project = projects.find(({ id }) => id === projectId);
    const rows = shown.filter((session) => session.projectId === projectId).map((session) => rowOf(session, nowMs));
    const heading = project
      ? `${style("bold", printable(project.name))}  ${style("dim", printable(project.path))}`
      : projectId;
    return [...(index > 0 ? [""] : []), heading, ...formatTable([header, ...rows], { style, width, indent: "  " })];
  });
}

const header: readonly Cell[] = ["ID", "STATE", "AGENT", "AGE", "TITLE"].map((text) => ({ text, style: "dim" }));

function rowOf(session: Session, nowMs: number): Cell[] {
  const { word, style } = stateWords[session.state];
  return [
    { text: session.id },
    { text: word, style },
    { text: session.agent },
    { text: formatAge(nowMs - session.createdAt) },
    isEnded(session) ? { text: session.title, style: "dim" } : { text: session.title },
  ];
}
