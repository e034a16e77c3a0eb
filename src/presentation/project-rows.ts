import type { Project, Session, Task } from "../protocol/entities.ts";
import type { Model } from "../protocol/model.ts";
import { addRows, type AddSessions } from "./folded-rows.ts";
import { groupBy } from "./group-by.ts";
import { countStates } from "./session-rows.ts";
import { nodeId, type NodeId, type StateCounts, type TreeNode } from "./tree-nodes.ts";
import { orderOfGroups, type Ranked, rankOf } from "./tree-order.ts";
import type { Sorting } from "./tree-options.ts";
import { addWorktree, type ShownWorktree, worktreesShown } from "./worktree-rows.ts";

/** What is shown in whichever grouping: sessions that are not put away, and what other tools reported; both sorted. */
export interface ShownWork {
  readonly sessions: readonly Session[];
  readonly foreign: readonly Task[];
}

interface ShownProject extends Ranked {
  readonly project: Project;
  /** Those of the main checkout, and of worktrees that nobody knows. */
  readonly sessions: readonly Session[];
  readonly foreign: readonly Task[];
  readonly worktrees: readonly ShownWorktree[];
  readonly counts: StateCounts;
}

/** Adds the projects that have something to show, with all that stands below them. */
export function addProjects(
  nodes: Map<NodeId, TreeNode>,
  roots: NodeId[],
  model: Model,
  { work, sorting, addSessions }: { work: ShownWork; sorting: Sorting; addSessions: AddSessions },
): void {
  for (const { project, counts, worktrees, ...rows } of projectsShown(model, work, sorting)) {
    const id = nodeId.project(project.id);
    const { live, ended } = addRows(nodes, id, rows, { addSessions });
    for (const each of worktrees) addWorktree(nodes, id, project, each, addSessions);
    // What is alive comes before the worktrees, and what has ended last.
    const children = [...live, ...worktrees.map(({ worktree }) => nodeId.worktree(worktree.id)), ...ended];
    roots.push(id);
    nodes.set(id, { kind: "project", id, parent: null, project, counts, children });
  }
}

/** The projects that have something to show, in their order. */
function projectsShown(model: Model, work: ShownWork, sorting: Sorting): readonly ShownProject[] {
  const sessionsOf = groupBy(work.sessions, (session) => session.projectId);
  const foreignOf = groupBy(work.foreign, (task) => task.projectId);
  const worktreesOf = groupBy(model.worktrees.values(), (worktree) => worktree.projectId);
  const processesOf = groupBy(model.processes.values(), (process) => process.worktreeId);
  const shown = [...model.projects.values()].flatMap((project): ShownProject[] => {
    const all = sessionsOf.get(project.id) ?? [];
    const foreign = foreignOf.get(project.id) ?? [];
    const own = worktreesOf.get(project.id) ?? [];
    const known = new Set(own.map(({ id }) => id));
    const isInWorktree = ({ worktreeId }: Session) => worktreeId !== null && known.has(worktreeId);
    const inWorktree = groupBy(all.filter(isInWorktree), ({ worktreeId }) => worktreeId ?? "");
    const worktrees = worktreesShown(
      own.map((worktree) => ({
        worktree,
        sessions: inWorktree.get(worktree.id) ?? [],
        processes: processesOf.get(worktree.id) ?? [],
      })),
      sorting,
    );
    if (all.length + foreign.length + worktrees.length === 0) return [];
    const { id, name } = project;
    const sessions = all.filter((session) => !isInWorktree(session));
    const counts = countStates(all, foreign);
    return [{ id, name, project, sessions, foreign, worktrees, counts, ...rankOf(all, foreign) }];
  });
  return shown.sort(orderOfGroups(sorting));
}
