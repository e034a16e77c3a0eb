import * as z from "zod";
import { parseJson } from "../protocol/json.ts";
import { messageOf } from "../protocol/message-of.ts";
import {
  PTY_HOST_PROTOCOL,
  ptyHostMethods,
  ptyHostRequestSchema,
  type PtyHostMessage,
  type PtyHostMethod,
  type PtyHostParams,
  type PtyHostResult,
  type PtyInfo,
} from "../protocol/ptyhost.ts";
import { version } from "../protocol/version.ts";
import { PtyHostError } from "./pty-host-error.ts";
import type { Ptys } from "./ptys.ts";

type Handlers = {
  readonly [M in PtyHostMethod]: (params: PtyHostParams<M>) => PtyHostResult<M> | Promise<PtyHostResult<M>>;
};

export interface ControlConnection {
  readonly send: (message: PtyHostMessage) => void;
  readonly close: (code: number, reason: string) => void;
}

export interface ControlOptions {
  readonly ptys: Ptys;
  /** An error that no client caused. */
  readonly onError: (error: unknown) => void;
}

/** The control protocol: requests of one or several gateways, and news to all of them. */
export class Control {
  readonly #connections = new Set<ControlConnection>();
  readonly #handlers: Handlers;
  readonly #onError: ControlOptions["onError"];

  constructor({ ptys, onError }: ControlOptions) {
    this.#onError = onError;
    this.#handlers = {
      hello: () => ({ protocol: PTY_HOST_PROTOCOL, version, ptys: ptys.infos }),
      create: async (params) => (await ptys.create(params)).info,
      replace: async (params) => {
        const pty = ptys.get(params.ptyId);
        return { outcome: await pty.replace(params), pty: pty.info };
      },
      environment: ({ ptyId }) => ({ env: { ...ptys.get(ptyId).environment } }),
      signal: ({ ptyId, signal }) => {
        ptys.get(ptyId).signal(signal);
        return {};
      },
      output: ({ ptyId, format }) => ptys.get(ptyId).output(format),
      screen: async ({ ptyId }) => ({ text: await ptys.get(ptyId).visibleRows() }),
      forget: ({ ptyId }) => {
        ptys.forget(ptyId);
        return {};
      },
      end: async ({ ptyId, graceMs }) => {
        const pty = ptys.get(ptyId);
        await pty.end(graceMs);
        return pty.info;
      },
      release: ({ ptyId }) => {
        ptys.release(ptyId);
        return {};
      },
      memory: () => ({ rssBytes: process.memoryUsage.rss(), ptys: ptys.size }),
    };
  }

  /** How many gateways are connected. */
  get size(): number {
    return this.#connections.size;
  }

  add(connection: ControlConnection): void {
    this.#connections.add(connection);
  }

  remove(connection: ControlConnection): void {
    this.#connections.delete(connection);
  }

  announce(pty: PtyInfo): void {
    for (const connection of this.#connections) connection.send({ type: "changed", pty });
  }

  /** Answers one text frame of `connection`; one that is no request closes it. */
  async receive(connection: ControlConnection, text: string): Promise<void> {
    const json = parseJson(text);
    const numbered = z.object({ id: z.number().int() }).safeParse(json);
    if (!numbered.success) {
      connection.close(1008, "expected a request with an id");
      return;
    }
    const { id } = numbered.data;
    try {
      const request = ptyHostRequestSchema.parse(json);
      connection.send({ type: "result", id, result: await this.#call(request.method, request.params) });
    } catch (error) {
      connection.send({ type: "error", id, ...this.#explain(error) });
    }
  }

  #call<M extends PtyHostMethod>(method: M, params: unknown): PtyHostResult<M> | Promise<PtyHostResult<M>> {
    // The schema of M is the one that PtyHostParams<M> is inferred from, which the compiler cannot see through the index.
    const parsed = ptyHostMethods[method].params.parse(params) as PtyHostParams<M>;
    return this.#handlers[method](parsed);
  }

  #explain(error: unknown): Pick<Extract<PtyHostMessage, { type: "error" }>, "code" | "message"> {
    if (error instanceof PtyHostError) return { code: error.code, message: error.message };
    if (error instanceof z.ZodError) return { code: "invalid-request", message: z.prettifyError(error) };
    this.#onError(error);
    return { code: "internal", message: messageOf(error) };
  }
}
