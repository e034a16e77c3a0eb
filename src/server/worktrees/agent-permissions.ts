import type { AgentAdapter, AgentCheckouts, CheckoutPlace } from "../agents/adapter.ts";
import { findProgram } from "../agents/find-program.ts";

/** Where what a main checkout allows is to hold too. */
export interface NewCheckout {
  readonly mainPath: string;
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What agents remember of a checkout: what they may do there. */
export class AgentCheckoutPermissions {
  readonly #checkouts: readonly AgentCheckouts[];
  readonly #versionOf: (file: string) => Promise<string | null>;

  constructor(options: {
    readonly adapters: readonly AgentAdapter[];
    readonly versionOf: (file: string) => Promise<string | null>;
  }) {
    this.#checkouts = options.adapters.flatMap(({ checkouts }) => (checkouts ? [checkouts] : []));
    this.#versionOf = options.versionOf;
  }

  /** The files in a checkout that {@link carry} may have written. */
  get files(): readonly string[] {
    return this.#checkouts.flatMap(({ files }) => files);
  }

  /** Lets a new checkout do what the main one may. Returns what a person should know of it. */
  async carry(checkout: NewCheckout): Promise<string[]> {
    const notes = await Promise.all(this.#checkouts.map((each) => each.carry(this.#place(checkout))));
    return notes.flat();
  }

  /** Takes back what {@link carry} did. */
  async forget(checkout: NewCheckout): Promise<void> {
    await Promise.all(this.#checkouts.map((each) => each.forget(this.#place(checkout))));
  }

  #place(checkout: NewCheckout): CheckoutPlace {
    const find = (program: string) => findProgram(program, { ...checkout.env }, checkout.mainPath);
    return { ...checkout, find, versionOf: this.#versionOf };
  }
}
