import { applyChange, emptyModel, type Model } from "../../src/protocol/model.ts";
import type { Project, Session, Task, Worktree } from "../../src/protocol/entities.ts";
import type { Change } from "../../src/protocol/events.ts";
import type { Account } from "../../src/protocol/limits.ts";
import type { HelperProcess } from "../../src/protocol/worktrees.ts";
import type { NodeId, Tree } from "../../src/presentation/tree-nodes.ts";

export type Entity = Account | Project | Session | Task | Worktree | HelperProcess;

/** What a client knows that was told of these. */
export function modelOf(...entities: readonly Entity[]): Model {
  return entities.reduce<Model>((model, entity) => applyChange(model, model.seq + 1, changeOf(entity)), emptyModel);
}

export function changeOf(entity: Entity): Change {
  if ("quotas" in entity) return { type: "account.changed", account: entity };
  if ("commonDir" in entity) return { type: "project.changed", project: entity };
  if ("standing" in entity) return { type: "worktree.changed", worktree: entity };
  if ("isListening" in entity) return { type: "process.changed", process: entity };
  if ("cwd" in entity) return { type: "session.changed", session: entity };
  return { type: "task.changed", task: entity };
}

/** A tree as a person sees it, all of it unfolded. */
export function rowsOf(tree: Tree, ids: readonly NodeId[] = tree.roots, indent = ""): string[] {
  return ids.flatMap((id) => [`${indent}${id}`, ...rowsOf(tree, tree.nodes.get(id)?.children ?? [], `${indent}  `)]);
}
