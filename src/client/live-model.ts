import { setTimeout as delay } from "node:timers/promises";
import type { WebSocket } from "ws";
import { type Change, eventFrameSchema, type Presence } from "../protocol/events.ts";
import { parseJson } from "../protocol/json.ts";
import { type GatewayClient, GOING_AWAY } from "./http.ts";
import { applyChanges, emptyModel, type Model, modelFromSnapshot } from "../protocol/model.ts";
import { tell } from "./tell.ts";

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
  #presence: Presence | undefined;
  #isForemost: boolean | null = null;

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

  /** Whether this window is the foremost of all; null while no gateway has said so. */
  get isForemost(): boolean | null {
    return this.#isForemost;
  }

  /** Tells the gateway where the person is, now and whenever it is connected anew. */
  say(presence: Presence): void {
    this.#presence = presence;
    this.#sayPresence();
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
    const { storeId, seq } = this.#model;
    const socket = await client.socket("events", { query: storeId === "" ? {} : { since: seq, store: storeId } });
    this.#socket = socket;
    if (this.#isDisposed()) socket.terminate();
    let lived = false;
    return new Promise((resolve) => {
      socket.on("open", () => this.#sayPresence());
      socket.on("message", (data) => {
        lived = this.#receive(data as Buffer);
        // What cannot be applied would leave a gap: begin anew.
        if (!lived) socket.terminate();
      });
      // `close` always follows, and the reason does not matter: we reconnect.
      socket.on("error", () => undefined);
      socket.on("close", (code) => {
        this.#wasStopped = code === GOING_AWAY;
        this.#isForemost = null;
        resolve(lived);
      });
    });
  }

  /** Applies a frame. False when it is not understood or does not follow what is known: then all of it is forgotten. */
  #receive(data: Buffer): boolean {
    const parsed = eventFrameSchema.safeParse(parseJson(data.toString("utf8")));
    const frame = parsed.success ? parsed.data : null;
    if (frame?.type === "snapshot") {
      this.#model = modelFromSnapshot(frame.snapshot);
      // First what is known: who hears of the connection may take what is not there for gone.
      tell(() => this.#options.onModel(this.#model, null));
      this.#setConnection("connected");
      return true;
    }
    if (frame?.type === "foremost") {
      this.#isForemost = frame.isForemost;
      return true;
    }
    const follows = frame?.events.every(({ seq }, index) => seq === this.#model.seq + 1 + index) ?? false;
    if (!frame || !follows) {
      this.#model = emptyModel;
      return false;
    }
    const changes = frame.events.map(({ change }) => change);
    this.#model = applyChanges(this.#model, this.#model.seq + changes.length, changes);
    this.#setConnection("connected");
    if (changes.length > 0) {
      tell(() => this.#options.onModel(this.#model, changes));
    }
    return true;
  }

  #sayPresence(): void {
    const socket = this.#socket;
    if (socket && this.#presence && socket.readyState === socket.OPEN) socket.send(JSON.stringify(this.#presence));
  }

  #setConnection(connection: Connection): void {
    if (this.#connection === connection) return;
    this.#connection = connection;
    tell(() => this.#options.onConnection(connection));
  }
}
