import * as z from "zod";
import type { Session } from "../../protocol/entities.ts";
import type { Store } from "../store/store.ts";

const KEY = "session-api.current";

/** The session that a tool means when it names none. It is kept, so the next gateway means the same. */
export class CurrentSession {
  readonly #store: Pick<Store, "change" | "session" | "value">;

  constructor(store: Pick<Store, "change" | "session" | "value">) {
    this.#store = store;
  }

  /** Null when there is none, or it has ended. */
  open(): Session | null {
    const id = z.string().safeParse(this.#store.value(KEY)).data;
    const session = id === undefined ? null : this.#store.session(id);
    return session?.endedAt === null ? session : null;
  }

  set(id: string): void {
    this.#store.change((transaction) => transaction.putValue(KEY, id));
  }
}
