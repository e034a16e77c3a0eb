import * as vscode from "vscode";
import type { Model } from "../protocol/model.ts";
import type { Session } from "../protocol/entities.ts";
import type { AgentRequest } from "../protocol/requests.ts";
import type { RequestRef } from "../presentation/request-words.ts";

/** A session with what it asks. */
export interface Asking {
  readonly session: Session;
  readonly request: AgentRequest;
}

/** The request that is named, with its session; undefined once it is over. */
export function findRequest(model: Model, { sessionId, requestId }: RequestRef): Asking | undefined {
  const session = model.sessions.get(sessionId);
  const request = session?.endedAt === null ? session.request : null;
  return session && request?.id === requestId ? { session, request } : undefined;
}

interface Watched {
  readonly ref: RequestRef;
  readonly source: vscode.CancellationTokenSource;
}

/** Tells when a request is over, however it was answered, so that what asks for the answer can go away. */
export class OpenRequests {
  readonly #watched = new Set<Watched>();

  /** Cancelled once the request is over. */
  untilOver(ref: RequestRef): vscode.CancellationToken {
    const source = new vscode.CancellationTokenSource();
    this.#watched.add({ ref, source });
    return source.token;
  }

  /** After every change of the model. */
  update(model: Model): void {
    for (const watched of this.#watched) {
      if (findRequest(model, watched.ref)) continue;
      this.#watched.delete(watched);
      watched.source.cancel();
      watched.source.dispose();
    }
  }
}
