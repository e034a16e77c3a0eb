import type { Project, Session } from "../../protocol/entities.ts";
import { isEnded } from "../../protocol/states.ts";
import { formatAge } from "./age.ts";
import { pendingWords } from "./continuation-words.ts";
import { waitsFor, wordsOf } from "./session-words.ts";
import type { Surface } from "./surface.ts";
import { type Cell, formatTable } from "./table.ts";
import { cutTo, printable } from "./width.ts";

/** What of a title is left where other columns stand behind it. */
const SHORT_TITLE_COLUMNS = 36;

export const sessionHeader: readonly Cell[] = headerOf(["ID", "STATE", "SINCE", "AGENT", "TITLE"]);

/** A session on one line: what it does since when, and what it waits for. */
export function sessionRow(session: Session, surface: Surface): Cell[] {
  const { nowMs } = surface;
  const { word, style } = wordsOf(session);
  const more = waitsFor(session) ?? pendingWords(session, surface);
  const title: Cell = { text: session.title, tail: more === null ? "" : ` · ${more}` };
  return [
    { text: session.id },
    { text: word, style },
    { text: formatAge(nowMs - session.stateSince) },
    { text: agentWords(session) },
    isEnded(session) ? { ...title, style: "dim" } : title,
  ];
}

/** Sessions that wait for the person, whatever their project. */
export function formatWaiting(
  sessions: readonly Session[],
  projects: readonly Project[],
  { style, width, nowMs }: Surface,
): string[] {
  if (sessions.length === 0) return [];
  const projectName = (id: string) => projects.find((project) => project.id === id)?.name ?? id;
  const rows = sessions.map((session): Cell[] => [
    { text: session.id },
    { text: formatAge(nowMs - session.stateSince), style: "yellow" },
    { text: agentWords(session) },
    { text: shortened(projectName(session.projectId), width) },
    { text: shortened(session.title, width) },
    { text: waitsFor(session) ?? "" },
  ]);
  const header = headerOf(["ID", "SINCE", "AGENT", "PROJECT", "TITLE", "WAITS FOR"]);
  return formatTable([header, ...rows], { style, width });
}

/** `claude`, and as which persona: `claude, work`. */
function agentWords({ agent, persona }: Pick<Session, "agent" | "persona">): string {
  return persona === null ? agent : `${agent}, ${persona}`;
}

function headerOf(names: readonly string[]): Cell[] {
  return names.map((text) => ({ text, style: "dim" }));
}

function shortened(text: string, width: number | null): string {
  return width === null ? text : cutTo(printable(text), SHORT_TITLE_COLUMNS);
}
