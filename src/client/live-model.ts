import { setTimeout as delay } from "node:timers/promises";
import type { WebSocket } from "ws";
import { type Change, eventFrameSchema } from "../protocol/events.ts";
import { type GatewayClient, GOING_AWAY } from "./http.ts";
import { applyChange, emptyModel, type Model, modelFromSnapshot } from "./model.ts";

/** `stopped`: there is no gateway because somebody stopped it; `absent`: there is none for any other reason. */
export type Connection = "connecting" | "connected" | "absent" | "stopped";

export interface LiveModelOptions {
  /** A client whose `locate` rejects while no gateway runs, and whose `untilRuns` waits for one. */
  readonly client: GatewayClient;
  /** After every change of the model. `changes` is null when all of it is new. */
  readonly onModel: (model: Model, changes: readonly Change[] | null) => void;
  readonly onConnection: (connection: Connection) => void;
}

const FIRST_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 5_000;

/**
 * Follows the gateway's event stream and keeps a {@link Model} of it. Reconnects with the last event it saw and gets
 * what it missed, or a snapshot when that is too far back.
 */
export class LiveModel {
  readonly #options: LiveModelOptions;
  readonly #abort = new AbortController();
  #model: Model = emptyModel;
  #connection: Connection = "connecting";
  #socket: WebSocket | undefined;
  #wasStopped = false;

  constructor(options: LiveModelOptions) {
    this.#options = options;
    void this.#run();
  }

  get model(): Model {
    return this.#model;
  }

  get connection(): Connection {
    return this.#connection;
  }

  dispose(): void {
    this.#abort.abort();
    this.#socket?.terminate();
  }

  /** Changes while something is awaited, which narrowing cannot see. */
  #isDisposed(): boolean {
    return this.#abort.signal.aborted;
  }

  async #run(): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (!this.#isDisposed()) {
      try {
        const lived = await this.#followOnce();
        if (lived) backoffMs = FIRST_BACKOFF_MS;
        this.#setConnection("connecting");
        await delay(backoffMs, undefined, { signal: this.#abort.signal });
        backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
      } catch {
        // No gateway could be located (or we are being disposed of): wait until that may have changed.
        if (this.#isDisposed()) return;
        this.#setConnection(this.#wasStopped ? "stopped" : "absent");
        await this.#options.client.untilRuns(this.#abort.signal).catch(() => undefined);
        backoffMs = FIRST_BACKOFF_MS;
      }
    }
  }

  /** One connection, from open to close. Resolves with whether it brought anything; rejects when no gateway is located. */
  async #followOnce(): Promise<boolean> {
    const { client } = this.#options;
    client.forgetEndpoint();
    const since = this.#model.seq > 0 ? { since: this.#model.seq } : {};
    const socket = await client.socket("events", { query: since });
    this.#socket = socket;
    if (this.#isDisposed()) socket.terminate();
    let lived = false;
    return new Promise((resolve) => {
      socket.on("message", (data) => {
        lived = true;
        this.#receive(data as Buffer);
      });
      // `close` always follows, and the reason does not matter: we reconnect.
      socket.on("error", () => undefined);
      socket.on("close", (code) => {
        this.#wasStopped = code === GOING_AWAY;
        resolve(lived);
      });
    });
  }

  #receive(data: Buffer): void {
    const frame = eventFrameSchema.parse(JSON.parse(data.toString("utf8")));
    if (frame.type === "snapshot") {
      this.#model = modelFromSnapshot(frame.snapshot);
      this.#setConnection("connected");
      this.#options.onModel(this.#model, null);
      return;
    }
    for (const { seq, change } of frame.events) this.#model = applyChange(this.#model, seq, change);
    this.#setConnection("connected");
    if (frame.events.length > 0)
      this.#options.onModel(
        this.#model,
        frame.events.map((event) => event.change),
      );
  }

  #setConnection(connection: Connection): void {
    if (this.#connection === connection) return;
    this.#connection = connection;
    this.#options.onConnection(connection);
  }
}
