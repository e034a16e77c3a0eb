import type { Project, Reason, Session, Task } from "../../protocol/entities.ts";
import { isTaskEnded } from "../../protocol/states.ts";
import { formatAge } from "./age.ts";
import { continuationInFull, isHeld } from "./continuation-words.ts";
import { formatRequest } from "./request-text.ts";
import { wordsOf } from "./session-words.ts";
import type { StyleName } from "./style.ts";
import type { Surface } from "./surface.ts";
import { type Cell, formatTable } from "./table.ts";
import { usageWords } from "./usage-words.ts";

interface Known {
  readonly session: Session;
  readonly project: Project;
  readonly tasks: readonly Task[];
  /** What its limits belong to, in words; null when that is not known. */
  readonly account: string | null;
}

export interface Fact {
  readonly name: string;
  readonly value: string | null;
  readonly style?: StyleName;
}

/** One line a fact, then the request in full, then what it was given to do. */
export function formatSession({ session, project, tasks, account }: Known, surface: Surface): string[] {
  const { style, nowMs } = surface;
  const prompts = tasks.filter(({ kind }) => kind === "prompt").sort((a, b) => a.createdAt - b.createdAt);
  const facts: Fact[] = [
    { name: "title", value: session.title },
    { name: "id", value: session.id },
    stateFact(session, nowMs),
    { name: "why", value: `${session.reason.text} (${provenance(session.reason, nowMs)})` },
    { name: "caveat", value: session.reason.caveat, style: "yellow" },
    { name: "limit", value: continuationInFull(session, surface) },
    { name: "auto-resume", value: session.autoResume ? null : "off" },
    { name: "agent", value: withVersion(session) },
    { name: "model", value: session.model },
    { name: "account", value: account },
    { name: "persona", value: session.persona },
    { name: "prompts", value: session.promptCount === 0 ? null : String(session.promptCount) },
    { name: "tokens", value: session.usage === null ? null : usageWords(session.usage) },
    { name: "conversation", value: session.conversationId },
    { name: "command", value: session.command.length === 0 ? null : session.command.join(" ") },
    { name: "folder", value: session.cwd },
    { name: "project", value: project.name },
    { name: "mode", value: modeWords[session.mode] },
    { name: "process", value: describeProcess(session) },
    { name: "created", value: `${formatAge(nowMs - session.createdAt)} ago` },
    { name: "task", value: session.rootTaskId },
  ];
  return [
    ...formatFacts(facts, surface),
    ...(session.request === null ? [] : ["", ...formatRequest(session.request, surface)]),
    ...(prompts.length === 0 ? [] : ["", ...formatTable(promptRows(prompts, nowMs), { style, width: surface.width })]),
  ];
}

/** Facts under each other; one without a value is left out. */
export function formatFacts(facts: readonly Fact[], { style }: Surface): string[] {
  const rows = facts.flatMap(({ name, value, style: valueStyle }): Cell[][] =>
    value === null
      ? []
      : [[{ text: name, style: "dim" }, valueStyle ? { text: value, style: valueStyle } : { text: value }]],
  );
  return formatTable(rows, { style, width: null });
}

export function stateFact(session: Pick<Session, "state" | "stateSince" | "reason">, nowMs: number): Fact {
  const { word, style } = wordsOf(session);
  return { name: "state", value: `${word} for ${formatAge(nowMs - session.stateSince)}`, style };
}

/** Who said so and when: `PermissionRequest hook, 12s ago`. */
function provenance({ source, signal, at }: Reason, nowMs: number): string {
  return `${signal ?? source}, ${formatAge(nowMs - at)} ago`;
}

function withVersion({ agent, agentVersion }: Session): string {
  return agentVersion === null ? agent : `${agent} ${agentVersion}`;
}

function promptRows(prompts: readonly Task[], nowMs: number): Cell[][] {
  const header = ["PROMPT", "TOOK", "TOKENS", "TITLE"].map((text): Cell => ({ text, style: "dim" }));
  const rows = prompts.map((task): Cell[] => [
    { text: task.state.toLowerCase().replace("_user", "") },
    { text: formatAge((task.endedAt ?? nowMs) - task.createdAt) },
    { text: task.usage === null ? "-" : usageWords(task.usage) },
    { text: task.details !== null && isTaskEnded(task.state) ? `${task.title} · ${task.details}` : task.title },
  ]);
  return [header, ...rows];
}

const modeWords: Record<Session["mode"], string> = {
  pty: "terminal",
  pipes: "pipes of its caller",
  external: "a terminal of its own, outside Tally",
  headless: "no terminal: it works task by task",
};

function describeProcess(session: Session): string {
  const { pid, exitCode, exitSignal, endedAt } = session;
  if (isHeld(session)) return "none before it starts";
  if (endedAt === null) return pid === null ? "not started" : `pid ${pid}`;
  if (exitSignal !== null) return `ended by ${exitSignal}`;
  return exitCode === null ? "ended, nobody knows how" : `ended with exit code ${exitCode}`;
}
