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

interface LatestSearch extends Pick<Model, "projects" | "worktrees"> {
  readonly search: string;
  readonly known: WeakMap<Session, boolean>;
}

/** What the last search found: several sections ask for the same one, after every change. */
let latest: LatestSearch | null = null;

/** Whether a session is one of those that are searched for. What was looked at before is not looked at again. */
export function isSessionFound(model: Model, session: Session, search: string): boolean {
  if (search.trim() === "") return true;
  const { projects, worktrees } = model;
  if (latest?.search !== search || latest.projects !== projects || latest.worktrees !== worktrees) {
    latest = { search, projects, worktrees, known: new WeakMap() };
  }
  // A session that changes is another object.
  const before = latest.known.get(session);
  if (before !== undefined) return before;
  const isFound = matchesSearch(search, fieldsOf(model, session));
  latest.known.set(session, isFound);
  return isFound;
}

function fieldsOf(model: Model, session: Session): readonly (string | null | undefined)[] {
  const { title, persona, model: aiModel, reason, request, cwd } = session;
  const state = stateWords[shownState(session)];
  const asked = [request?.title, request?.detail, ...(request?.questions.map(({ text }) => text) ?? [])];
  return [title, sessionPlace(model, session), persona, aiModel, state, reason.text, cwd, ...asked];
}
