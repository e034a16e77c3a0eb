/** The kinds of things that requests name by their id. */
const kinds = ["session", "task", "pause", "worktree", "process", "account", "project"] as const;
type Kind = (typeof kinds)[number];

/** So many of each kind are named. */
const KEPT = 6;

/** Stands in a request that is not sent yet for the id of something that there is by then. */
export function placeholders(kind: Kind): string[] {
  return Array.from({ length: KEPT }, (_, index) => `@${kind}${index}@`);
}

/** Ids of what the gateway has answered with. Requests are made before there is anything; they name what there is once they are sent. */
export class Pool {
  readonly #ids = new Map<Kind, string[]>(kinds.map((kind) => [kind, []]));

  readonly #isLeftAlone: (kind: Kind, text: string) => boolean;

  /** @param isLeftAlone what of an answer no request shall name */
  constructor(isLeftAlone: (kind: Kind, text: string) => boolean) {
    this.#isLeftAlone = isLeftAlone;
  }

  /** Takes note of what an answer tells of. */
  learn(text: string): void {
    for (const [, kind, id] of text.matchAll(
      /"(session|task|pause|worktree|process|account|project)":\{"id":"([\w.-]+)"/g,
    )) {
      if (!this.#isLeftAlone(kind as Kind, text)) this.#add(kind as Kind, id ?? "");
    }
    for (const [, id] of text.matchAll(/^\{"sessionId":"([\w.-]+)"/g)) this.#add("session", id ?? "");
  }

  #add(kind: Kind, id: string): void {
    const ids = this.#ids.get(kind) ?? [];
    if (ids.includes(id)) return;
    ids.unshift(id);
    ids.length = Math.min(ids.length, KEPT);
  }

  /** A path with what there is in the place of each placeholder. */
  fillPath(path: string): string {
    return path.replace(/%40([a-z]+)(\d)%40/g, (_, kind: Kind, index: string) =>
      encodeURIComponent(this.#pick(kind, index)),
    );
  }

  /** The same in JSON. */
  fillBody(body: string): string {
    return body.replace(/@([a-z]+)(\d)@/g, (_, kind: Kind, index: string) =>
      JSON.stringify(this.#pick(kind, index)).slice(1, -1),
    );
  }

  #pick(kind: Kind, index: string): string {
    const ids = this.#ids.get(kind) ?? [];
    return ids[Number(index) % Math.max(1, ids.length)] ?? "nobody";
  }
}
