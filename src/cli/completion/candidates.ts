import { agentNames } from "../../protocol/agents.ts";
import type { Session } from "../../protocol/entities.ts";
import type { Snapshot } from "../../protocol/events.ts";
import { isEnded, sessionStateSchema } from "../../protocol/states.ts";
import { taskTypeSchema } from "../../protocol/tasks.ts";
import { commandNames, commands } from "../command-table.ts";
import { byUrgency, isPutAway, isWaiting, wordsOf } from "../screen/session-words.ts";
import { cutTo, printable } from "../screen/width.ts";
import { shortId } from "../tasks/task-ref.ts";
import { isInside, projectIdHere } from "../worktree/project-here.ts";
import type { Expected } from "./expected.ts";
import type { Kind } from "./operands.ts";

/** A word that may be put there, and what a person is told of it beside. */
export interface Candidate {
  readonly value: string;
  readonly about: string;
}

/** What Tally was asked for, as far as it was wanted and as it answered in time. */
export interface Known {
  readonly snapshot: Snapshot | null;
  readonly personas: readonly Candidate[];
  readonly removed: readonly Candidate[];
  readonly cwd: string;
}

const MAX_ABOUT_COLUMNS = 60;
/** What no line of a list can hold; such names are left to the person. */
const unlistable = /\p{Control}/u;

/** The candidates for what is expected, in the order in which they are of use. Not cut to what has been typed: shells do that. */
export function candidatesFor(expected: Expected, known: Known): Candidate[] {
  const candidates = [
    ...expected.words.map((value) => ({ value, about: "" })),
    ...expected.kinds.flatMap((kind) => candidatesOf(kind, expected.before, known)),
    ...expected.flags.map(({ name, about }) => ({ value: name, about })),
  ];
  return candidates
    .filter(({ value }) => value !== "" && !unlistable.test(value))
    .map(({ value, about }) => ({
      value: expected.prefix + value,
      about: cutTo(printable(about), MAX_ABOUT_COLUMNS),
    }));
}

function candidatesOf(kind: Kind, before: readonly string[], { snapshot, personas, removed, cwd }: Known): Candidate[] {
  switch (kind) {
    case "command":
      return commandNames.map((value) => ({ value, about: commands[value].summary }));
    case "agent":
      return agentNames.map((value) => ({ value, about: "agent" }));
    case "state":
      return sessionStateSchema.options.map((value) => ({ value, about: "" }));
    case "task-type":
      return taskTypeSchema.options.map((value) => ({ value, about: "" }));
    case "persona":
      return [...personas];
    case "removed-worktree":
      return [...removed];
    case "session":
      return sessionsOf(snapshot, (session) => !isPutAway(session));
    case "live-session":
      return sessionsOf(snapshot, (session) => !isEnded(session) && !isPutAway(session));
    case "waiting-session":
      return sessionsOf(snapshot, (session) => isWaiting(session) && !isPutAway(session));
    case "archived-session":
      return sessionsOf(snapshot, isPutAway);
    case "worktree":
      return worktreesOf(snapshot, cwd).map(({ name, branch }) => ({ value: name, about: branch ?? "worktree" }));
    case "process":
      return processesOf(snapshot, before[0] ?? "", cwd);
    case "task":
      return (snapshot?.tasks ?? [])
        .filter((task) => task.kind === "run")
        .map(({ id, title }) => ({ value: shortId(id), about: title }));
    case "pause":
      return (snapshot?.pauses ?? []).map(({ id, reason }) => ({ value: id, about: reason }));
    case "project":
      return (snapshot?.projects ?? []).map(({ name, path }) => ({ value: name, about: path }));
    case "file":
      return [];
  }
}

/** Sessions have no names that are only theirs, so they are told apart by what stands beside their ids. */
function sessionsOf(snapshot: Snapshot | null, isMeant: (session: Session) => boolean): Candidate[] {
  return (snapshot?.sessions ?? [])
    .filter(isMeant)
    .toSorted(byUrgency)
    .map((session) => ({ value: session.id, about: `${wordsOf(session).word}: ${session.title}` }));
}

/** Those of the project here, as a name means one of it first; outside of any project all. */
function worktreesOf(snapshot: Snapshot | null, cwd: string): Snapshot["worktrees"] {
  if (!snapshot) return [];
  const projectId = projectIdHere(snapshot, cwd);
  return snapshot.worktrees.filter(
    (worktree) => worktree.status !== "seen" && (projectId === null || worktree.projectId === projectId),
  );
}

function processesOf(snapshot: Snapshot | null, ref: string, cwd: string): Candidate[] {
  const meant = worktreesOf(snapshot, cwd).filter(
    ({ id, name, branch, path }) => [id, name, branch, path].includes(ref) || (ref === "." && isInside(cwd, path)),
  );
  return (snapshot?.processes ?? [])
    .filter(({ worktreeId }) => meant.some(({ id }) => id === worktreeId))
    .map(({ name, state }) => ({ value: name, about: state.toLowerCase() }));
}
