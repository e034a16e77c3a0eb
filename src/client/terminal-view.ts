import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import type { IncomingMessage } from "node:http";
import { type ErrorCode, problemSchema, TallyError } from "../protocol/errors.ts";
import { type TerminalMessage, terminalMessageSchema, type ViewerMessage } from "../protocol/terminal.ts";
import { type GatewayClient, GOING_AWAY } from "./http.ts";

type Message<T extends TerminalMessage["type"]> = Extract<TerminalMessage, { type: T }>;

export interface TerminalViewOptions {
  readonly client: GatewayClient;
  /** Of the session, or of the process that `socket` says it is. */
  readonly sessionId: string;
  /** What it is a view of: a session unless said otherwise. */
  readonly socket?: "terminal" | "processTerminal";
  readonly cols: number;
  readonly rows: number;
  /** True when a real terminal shows this view, one that answers the agent's queries. */
  readonly answersQueries: boolean;
  /** Bytes the agent wrote. Call `ack` once they are handled. */
  readonly onData: (bytes: Buffer) => void;
  /** Clear, then show `data`. Call `ack` with its byte length once handled. */
  readonly onSnapshot: (snapshot: Message<"snapshot">) => void;
  readonly onSize: (size: Message<"size">) => void;
  readonly onExit: (exit: Message<"exit">) => void;
  /** The way to the session was lost (`reconnecting`) or is back (`attached`). The agent is not affected. */
  readonly onConnection: (connection: "attached" | "reconnecting") => void;
  /** It cannot be attached (any more): the session is unknown, or no gateway can be had. The view is over. */
  readonly onFailure: (error: TallyError) => void;
}

const FIRST_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 2_000;
/** Typed while there is no terminal to take it; more than this is not typing, and is dropped rather than sent late. */
const MAX_HELD_INPUT_BYTES = 64 * 1024;

/** A gateway that hangs must not keep anybody in a view. */
const DETACH_TIMEOUT_MS = 1_000;

/**
 * Before what another program writes below one whose end was never told: ends a sequence and a frame it may have stopped in, undoes its modes
 * and begins a line. The cursor is saved first, since to leave the alternate screen is to restore it.
 */
const ANOTHER_PROGRAM =
  "\x18\x1b\\\x1b[?2026l\x1b7\x1b[?1049l\x1b[!p\x1b[?9;1000;1002;1003;1004;1005;1006;1015;2004l\x1b[=0u\x0f\x1b(B\x1b[m\r\n\x1b[J";

const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "gateway-unreachable",
  "gateway-stopping",
  "gateway-start-failed",
  "pty-host-unavailable",
  "too-many-requests",
]);

/** Whether it goes away by itself once a gateway and its pty host are back. */
export function isPassing(error: unknown): boolean {
  return error instanceof TallyError && passing.has(error.code);
}

/** One view of a session's terminal, which survives the gateway: it reattaches and shows the screen as it then is. */
export class TerminalView {
  readonly #options: TerminalViewOptions;
  readonly #abort = new AbortController();
  #cols: number;
  #rows: number;
  #socket: WebSocket | undefined;
  #attached = false;
  /** From the first frame on: before that the connection may still turn out to lead to no terminal, and to lose what it was given. */
  #takesInput = false;
  #everAttached = false;
  #everShown = false;
  #ended = false;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #onDetached: ((restore: string) => void) | undefined;

  constructor(options: TerminalViewOptions) {
    this.#options = options;
    this.#cols = options.cols;
    this.#rows = options.rows;
    void this.#run();
  }

  write(bytes: Buffer): void {
    if (this.#ended) return;
    // One that is closing takes what it is given, and drops it.
    if (this.#takesInput && this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(bytes, { binary: true });
    } else if (this.#heldBytes + bytes.length <= MAX_HELD_INPUT_BYTES) {
      this.#held.push(bytes);
      this.#heldBytes += bytes.length;
    }
  }

  resize(cols: number, rows: number): void {
    this.#cols = cols;
    this.#rows = rows;
    this.#send({ type: "resize", cols, rows });
  }

  ack(bytes: number): void {
    this.#send({ type: "ack", bytes });
  }

  /** Continues a program that took Ctrl-Z for a stop; for views without a shell that could. */
  continueProgram(): void {
    this.#send({ type: "continue" });
  }

  /** Leaves the session to itself. Resolves with the sequence that undoes the terminal modes which the agent set. */
  detach(): Promise<string> {
    return new Promise((resolve) => {
      this.#onDetached = (restore) => {
        this.dispose();
        resolve(restore);
      };
      if (this.#attached) this.#send({ type: "detach" });
      else this.#onDetached("");
      setTimeout(() => this.#onDetached?.(""), DETACH_TIMEOUT_MS).unref();
    });
  }

  dispose(): void {
    this.#ended = true;
    this.#abort.abort();
    this.#socket?.close();
  }

  #send(message: ViewerMessage): void {
    if (this.#attached && this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  async #run(): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (!this.#isOver()) {
      try {
        const { wasShown, closeCode } = await this.#attachOnce();
        if (wasShown) backoffMs = FIRST_BACKOFF_MS;
        if (closeCode === GOING_AWAY && !this.#isOver()) await this.#options.client.untilRuns(this.#abort.signal);
      } catch (error) {
        if (this.#isOver()) return;
        if (!this.#mayPass(error)) {
          this.#fail(error);
          return;
        }
      }
      // Aborted by `dispose`, which ends the loop.
      await delay(backoffMs, undefined, { signal: this.#abort.signal }).catch(() => undefined);
      backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
      this.#options.client.forgetEndpoint();
    }
  }

  /** `#ended` changes while a connection is awaited, which narrowing cannot see. */
  #isOver(): boolean {
    return this.#ended;
  }

  /** Whether it is worth trying again: a view that was attached outlives gateways. */
  #mayPass(error: unknown): boolean {
    return this.#everAttached && isPassing(error);
  }

  #fail(error: unknown): void {
    this.#ended = true;
    const failure = error instanceof Error ? error : new Error(String(error));
    this.#options.onFailure(failure instanceof TallyError ? failure : new TallyError("internal", failure.message));
  }

  /** One connection, from open to close. @throws {TallyError} when no gateway is to be had, or it refuses the session. */
  async #attachOnce(): Promise<{ wasShown: boolean; closeCode: number }> {
    const { client, sessionId: id, socket: name = "terminal" } = this.#options;
    const socket = await client.socket(name, { id });
    this.#socket = socket;
    if (this.#isOver()) socket.terminate();
    return new Promise((resolve, reject) => {
      let wasShown = false;
      // A terminal that was shown before begins with a snapshot. One that does not is new: its session went on in it meanwhile.
      let mayBeAnother = this.#everShown;
      socket.on("open", () => this.#opened(socket));
      socket.on("message", (data, isBinary) => {
        wasShown = true;
        this.#sendHeld(socket);
        if (isBinary) {
          if (mayBeAnother) this.#options.onData(Buffer.from(ANOTHER_PROGRAM));
          this.#options.onData(data as Buffer);
        } else {
          const message = terminalMessageSchema.parse(JSON.parse((data as Buffer).toString("utf8")));
          this.#receive(message);
          if (message.type === "size") return;
        }
        mayBeAnother = false;
        this.#everShown = true;
      });
      // `close` always follows; why the connection broke does not change what is done about it.
      socket.on("error", () => undefined);
      socket.on("unexpected-response", (_request, response) => {
        void refusalOf(response).then((refusal) => {
          reject(refusal);
          socket.terminate();
        });
      });
      socket.on("close", (closeCode) => {
        this.#attached = false;
        this.#takesInput = false;
        this.#socket = undefined;
        this.#onDetached?.("");
        if (wasShown && !this.#ended) this.#options.onConnection("reconnecting");
        resolve({ wasShown, closeCode });
      });
    });
  }

  #opened(socket: WebSocket): void {
    const attach: ViewerMessage = {
      type: "attach",
      cols: this.#cols,
      rows: this.#rows,
      answersQueries: this.#options.answersQueries,
    };
    socket.send(JSON.stringify(attach));
    this.#attached = true;
    this.#everAttached = true;
    this.#options.onConnection("attached");
  }

  #sendHeld(socket: WebSocket): void {
    this.#takesInput = true;
    for (const bytes of this.#held.splice(0)) socket.send(bytes, { binary: true });
    this.#heldBytes = 0;
  }

  #receive(message: TerminalMessage): void {
    switch (message.type) {
      case "size":
        this.#options.onSize(message);
        break;
      case "snapshot":
        this.#options.onSnapshot(message);
        break;
      case "detached":
        this.#onDetached?.(message.restore);
        break;
      case "exit":
        this.#ended = true;
        this.#options.onExit(message);
    }
  }
}

/**
 * The error in an answer that refuses the socket. A token that was good when the gateway was located is refused by who
 * has come to listen there since, be it another's gateway: ours is gone from there, and is to be located anew.
 */
export async function refusalOf(response: IncomingMessage): Promise<TallyError> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    const refusal = TallyError.of(problemSchema.parse(JSON.parse(Buffer.concat(chunks).toString("utf8"))));
    if (refusal.code !== "unauthorized") return refusal;
    return new TallyError("gateway-unreachable", "Another program listens where the gateway did. Try again.");
  } catch {
    return new TallyError(
      "gateway-unreachable",
      `The gateway answered ${response.statusCode ?? 0} without saying why.`,
    );
  }
}
