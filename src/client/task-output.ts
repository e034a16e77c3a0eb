import { setTimeout as delay } from "node:timers/promises";
import type { WebSocket } from "ws";
import { TallyError } from "../protocol/errors.ts";
import { parseJson } from "../protocol/json.ts";
import { messageOf } from "../protocol/message-of.ts";
import { type TaskOutputFrame, taskOutputFrameSchema } from "../protocol/queue-routes.ts";
import { isTaskEnded } from "../protocol/states.ts";
import { type GatewayClient, GOING_AWAY } from "./http.ts";
import { isPassing, refusalOf } from "./terminal-view.ts";

export interface TaskOutputOptions {
  readonly client: GatewayClient;
  readonly taskId: string;
  /** `isAnew`: the entries are all that there are, and not what came since the last frame. */
  readonly onFrame: (frame: TaskOutputFrame, isAnew: boolean) => void;
  /** It cannot be followed (any more): the task is unknown, or no gateway can be had. */
  readonly onFailure: (error: TallyError) => void;
  /** How long another gateway is waited for after one was stopped on purpose; left out: as long as it takes. */
  readonly patienceMs?: number;
}

const FIRST_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 2_000;

/** Follows what a task does until it has ended, whatever becomes of the gateway meanwhile. */
export class TaskOutput {
  readonly #options: TaskOutputOptions;
  readonly #abort = new AbortController();
  #socket: WebSocket | undefined;
  #isOver = false;
  #wasFollowed = false;

  constructor(options: TaskOutputOptions) {
    this.#options = options;
    void this.#run();
  }

  dispose(): void {
    this.#isOver = true;
    this.#abort.abort();
    this.#socket?.terminate();
  }

  async #run(): Promise<void> {
    const { client } = this.#options;
    let backoffMs = FIRST_BACKOFF_MS;
    while (!this.#hasEnded()) {
      try {
        const { wasTold, closeCode } = await this.#followOnce();
        if (wasTold) backoffMs = FIRST_BACKOFF_MS;
        if (closeCode === GOING_AWAY && !this.#hasEnded()) await this.#untilRunsAgain();
      } catch (error) {
        if (this.#hasEnded()) return;
        if (!this.#wasFollowed || !isPassing(error)) {
          this.#fail(error);
          return;
        }
      }
      // Aborted by `dispose`, which ends the loop.
      await delay(backoffMs, undefined, { signal: this.#abort.signal }).catch(() => undefined);
      backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
      client.forgetEndpoint();
    }
  }

  /** `#isOver` changes while something is awaited, which narrowing cannot see. */
  #hasEnded(): boolean {
    return this.#isOver;
  }

  /** Fails with `gateway-stopping` when no other gateway has come in the time that it is given. */
  async #untilRunsAgain(): Promise<void> {
    const { client, patienceMs } = this.#options;
    if (patienceMs === undefined) return client.untilRuns(this.#abort.signal);
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), patienceMs);
    try {
      await client.untilRuns(AbortSignal.any([this.#abort.signal, patience.signal]));
    } finally {
      clearTimeout(timer);
    }
    if (patience.signal.aborted && !this.#hasEnded()) {
      this.#fail(new TallyError("gateway-stopping", "The gateway has stopped. Start it again: tally gateway start"));
    }
  }

  #fail(error: unknown): void {
    this.#isOver = true;
    const text = messageOf(error);
    this.#options.onFailure(error instanceof TallyError ? error : new TallyError("internal", text));
  }

  /** One connection, from open to close. @throws {TallyError} when no gateway is to be had, or it refuses the task. */
  async #followOnce(): Promise<{ wasTold: boolean; closeCode: number }> {
    const { client, taskId } = this.#options;
    const socket = await client.socket("taskOutput", { id: taskId });
    this.#socket = socket;
    if (this.#hasEnded()) socket.terminate();
    return new Promise((resolve, reject) => {
      let wasTold = false;
      socket.on("message", (data) => {
        const frame = taskOutputFrameSchema.safeParse(parseJson((data as Buffer).toString("utf8")));
        if (!frame.success) {
          reject(
            new TallyError("internal", `The gateway said something else than what a task does: ${frame.error.message}`),
          );
          socket.terminate();
          return;
        }
        const isAnew = !wasTold;
        wasTold = true;
        this.#wasFollowed = true;
        // Nothing follows the ended task.
        if (isTaskEnded(frame.data.task.state)) this.#isOver = true;
        this.#options.onFrame(frame.data, isAnew);
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
        this.#socket = undefined;
        resolve({ wasTold, closeCode });
      });
    });
  }
}
