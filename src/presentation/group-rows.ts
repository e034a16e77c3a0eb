import type { Session, Task } from "../protocol/entities.ts";
import type { Model } from "../protocol/model.ts";
import { addRows, addSortedRows, type AddSessions, type Rows } from "./folded-rows.ts";
import { groupBy } from "./group-by.ts";
import type { ShownWork } from "./project-rows.ts";
import { countStates } from "./session-rows.ts";
import { type GroupKey, needs, nodeId, type NodeId, type TreeNode } from "./tree-nodes.ts";
import { byFailure, needOfSession, needOfTask, orderOfGroups, rankOf } from "./tree-order.ts";
import type { Sorting } from "./tree-options.ts";

interface Draft {
  readonly nodes: Map<NodeId, TreeNode>;
  readonly roots: NodeId[];
  readonly model: Model;
  readonly addSessions: AddSessions;
}

/** Adds a group for each state in which something is, what needs the person most first. */
export function addStates(draft: Draft, { sessions, foreign }: ShownWork): void {
  const sessionsOf = groupBy(sessions, needOfSession);
  const foreignOf = groupBy(foreign, needOfTask);
  for (const need of needs) {
    const rows = { sessions: sessionsOf.get(need) ?? [], foreign: foreignOf.get(need) ?? [] };
    addGroup(draft, { by: "state", need }, rows);
  }
}

/** Adds a group for each agent that has something to show. */
export function addAgents(draft: Draft, { sessions, foreign }: ShownWork, sorting: Sorting): void {
  const sessionsOf = groupBy(sessions, ({ agent }) => agent);
  const foreignOf = groupBy(foreign, ({ agent }) => agent);
  const agents = [...new Set([...sessionsOf.keys(), ...foreignOf.keys()])].map((agent) => {
    const rows = { sessions: sessionsOf.get(agent) ?? [], foreign: foreignOf.get(agent) ?? [] };
    return { id: agent, name: agent, rows, ...rankOf(rows.sessions, rows.foreign) };
  });
  for (const { id, rows } of agents.sort(orderOfGroups(sorting))) {
    addGroup(draft, { by: "agent", agent: id }, rows, { foldsEnded: true });
  }
}

/** Adds what is put away, what ended last first. */
export function addArchived(draft: Draft): void {
  const { sessions, projects } = draft.model;
  const archived = [...sessions.values()].filter((each) => each.archivedAt !== null && projects.has(each.projectId));
  addGroup(draft, { by: "archived" }, { sessions: archived.sort(byEnd), foreign: [] });
}

function byEnd(a: Session, b: Session): number {
  return (b.endedAt ?? 0) - (a.endedAt ?? 0) || byFailure(a, b);
}

function addGroup(
  { nodes, roots, model, addSessions }: Draft,
  of: GroupKey,
  rows: Rows,
  { foldsEnded = false }: { foldsEnded?: boolean } = {},
): void {
  const { sessions, foreign } = rows;
  const size = sessions.length + foreign.length;
  if (size === 0) return;
  const id = nodeId.group(of);
  const placeOf = (task: Task) => model.projects.get(task.projectId)?.name ?? null;
  roots.push(id);
  const counts = countStates(sessions, foreign);
  if (foldsEnded) {
    const { live, ended } = addRows(nodes, id, rows, { addSessions, placeOf });
    nodes.set(id, { kind: "group", id, parent: null, of, counts, size, children: [...live, ...ended] });
    return;
  }
  const children = addSortedRows(nodes, id, rows, { addSessions, placeOf });
  nodes.set(id, { kind: "group", id, parent: null, of, counts, size, children });
}
