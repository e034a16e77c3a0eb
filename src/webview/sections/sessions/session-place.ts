import { programName, stateWords } from "../../../presentation/wording.ts";
import { shownState } from "../../../presentation/tree-order.ts";
import type { Session } from "../../../protocol/entities.ts";
import type { Model } from "../../../protocol/model.ts";
import { oneLine } from "../../../protocol/visible.ts";
import { matchesSearch } from "../../search.ts";

const MAX_NAME_LENGTH = 60;

/** Who works where: `claude · shop · feature-payment`. */
export function sessionPlace({ projects, worktrees }: Model, session: Session): string {
  const project = projects.get(session.projectId)?.name ?? null;
  const worktree = session.worktreeId === null ? undefined : worktrees.get(session.worktreeId);
  const branch = worktree?.standing?.branch ?? worktree?.branch ?? worktree?.name ?? null;
  const parts = [programName(session), project, branch];
  return parts.flatMap((part) => (part === null ? [] : [oneLine(part, MAX_NAME_LENGTH)])).join(" · ");
}

/** Whether a session is one of those that are searched for. */
export function isSessionFound(model: Model, session: Session, search: string): boolean {
  if (search.trim() === "") return true;
  const { title, persona, model: aiModel, reason, request, cwd } = session;
  const state = stateWords[shownState(session)];
  const asked = [request?.title, request?.detail, ...(request?.questions.map(({ text }) => text) ?? [])];
  return matchesSearch(search, [
    title,
    sessionPlace(model, session),
    persona,
    aiModel,
    state,
    reason.text,
    cwd,
    ...asked,
  ]);
}
