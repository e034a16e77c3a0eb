import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { SessionHistory } from "../../protocol/history.ts";
import type { RouteQuery, RouteResult } from "../../protocol/routes.ts";
import type { PageRequest } from "../store/page-query.ts";
import type { Store } from "../store/store.ts";
import { historyOf } from "./history-of.ts";

/** What was done in sessions, also in those that have ended. */
export class History {
  readonly #store: Store;
  readonly #now: () => number;

  constructor({ store, now }: { readonly store: Store; readonly now: () => number }) {
    this.#store = store;
    this.#now = now;
  }

  /** The newest first, by pages. @throws {TallyError} `invalid-request` for a cursor that is none */
  list(request: RouteQuery<"history">): RouteResult<"history"> {
    const { sessions, nextCursor } = this.#store.sessionsPage(request);
    return { sessions: sessions.map((session) => this.#historyOf(session)), nextCursor };
  }

  /** One session with a page of its tasks. @throws {TallyError} `session-not-found`; `invalid-request` for a cursor that is none */
  of(sessionId: string, request: PageRequest): RouteResult<"sessionHistory"> {
    const history = this.numbersOf(sessionId);
    return { history, ...this.#store.historyPage(sessionId, request), plans: this.#store.plansOf(sessionId) };
  }

  /** @throws {TallyError} `session-not-found` */
  numbersOf(sessionId: string): SessionHistory {
    const session = this.#store.session(sessionId);
    if (session) return this.#historyOf(session);
    throw new TallyError("session-not-found", `There is no session ${sessionId}. See them all with: tally history`);
  }

  #historyOf(session: Session): SessionHistory {
    const project = this.#store.project(session.projectId);
    // Projects are never removed, and a session's has to be there.
    if (!project) throw new TallyError("internal", `Session ${session.id} is of a project that is not known.`);
    return historyOf(session, project, this.#store.sessionStats(session.id), this.#now());
  }
}
