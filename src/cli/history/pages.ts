import type { GatewayClient } from "../../client/http.ts";
import type { Task } from "../../protocol/entities.ts";
import type { AcceptedPlan, SessionHistory } from "../../protocol/history.ts";

/** As many as the gateway hands out at once; what is longer is never in memory as a whole. */
const PAGE = 500;

export interface HistoryFilter {
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly projectId?: string;
}

/** The sessions, the newest first, page after page. */
export async function* sessionHistories(client: GatewayClient, filter: HistoryFilter): AsyncGenerator<SessionHistory> {
  let cursor: string | undefined;
  do {
    const page = await client.call("history", { query: { ...filter, limit: PAGE, cursor } });
    yield* page.sessions;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

export interface OpenedHistory {
  readonly history: SessionHistory;
  readonly plans: readonly AcceptedPlan[];
  /** The newest first; the first page is there already, and each further one is asked for when it is wanted. */
  readonly tasks: () => AsyncGenerator<Task>;
}

/** One session's history. @throws {TallyError} `session-not-found` */
export async function openHistory(client: GatewayClient, id: string): Promise<OpenedHistory> {
  const first = await client.call("sessionHistory", { id, query: { limit: PAGE } });
  const { history, plans } = first;
  async function* tasks() {
    let page = first;
    for (;;) {
      yield* page.tasks;
      if (page.nextCursor === null) return;
      page = await client.call("sessionHistory", { id, query: { limit: PAGE, cursor: page.nextCursor } });
    }
  }
  return { history, plans, tasks };
}

/** Those that fit. */
export async function* only<T>(items: AsyncIterable<T>, fits: (item: T) => boolean): AsyncGenerator<T> {
  for await (const item of items) if (fits(item)) yield item;
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** At most so many of them; null: all. */
export async function* atMost<T>(items: AsyncIterable<T>, limit: number | null): AsyncGenerator<T> {
  let left = limit ?? Infinity;
  if (left === 0) return;
  for await (const item of items) {
    yield item;
    left -= 1;
    if (left === 0) return;
  }
}
