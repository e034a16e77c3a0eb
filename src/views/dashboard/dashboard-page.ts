import * as vscode from "vscode";
import type { Connection, LiveModel } from "../../client/live-model.ts";
import { type CallInput, type GatewayClient, mayHaveArrived } from "../../client/http.ts";
import {
  type DashboardConnection,
  type DashboardRoute,
  type FromDashboard,
  fromDashboardSchema,
  type ToDashboard,
} from "../../protocol/dashboard.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Change } from "../../protocol/events.ts";
import { messageOf } from "../../protocol/message-of.ts";
import { type Model, snapshotFromModel } from "../../protocol/model.ts";

/** What a page needs of the window that it is in. */
export interface DashboardSource {
  readonly client: GatewayClient;
  readonly live: Pick<LiveModel, "model" | "connection">;
  readonly onFailure: (error: unknown) => void;
}

type Handlers = { readonly [T in FromDashboard["type"]]: (message: Extract<FromDashboard, { type: T }>) => void };

/** The extension's end of one page: hands it what changes, and does what it asks for. */
export class DashboardPage implements vscode.Disposable {
  readonly #webview: vscode.Webview;
  readonly #source: DashboardSource;
  readonly #listening: vscode.Disposable;
  /** What the page is to show once it listens. */
  #shown: Extract<ToDashboard, { type: "show" }> | undefined;
  /** The last event that was sent; null while the page does not listen. */
  #sentSeq: number | null = null;

  readonly #handlers: Handlers = {
    ready: () => this.#sendModel(),
    call: (message) => void this.#call(message),
    command: ({ command, target }) => void vscode.commands.executeCommand(`tally.${command}`, target),
    copy: ({ text }) => void vscode.env.clipboard.writeText(text),
    failed: ({ message }) => this.#source.onFailure(new Error(`The dashboard: ${message}`)),
  };

  constructor(webview: vscode.Webview, source: DashboardSource) {
    this.#webview = webview;
    this.#source = source;
    this.#listening = webview.onDidReceiveMessage((data: unknown) => this.#take(data));
  }

  /** After every change of the model. `changes` is null when all of it is new. */
  update(model: Model, changes: readonly Change[] | null): void {
    if (this.#sentSeq === null) return;
    if (changes === null || this.#sentSeq !== model.seq - changes.length) this.#sendModel();
    else {
      this.#send({ type: "changes", from: this.#sentSeq, changes: [...changes] });
      this.#sentSeq = model.seq;
    }
  }

  tellConnection(): void {
    if (this.#sentSeq !== null) this.#send({ type: "connection", connection: this.#connection() });
  }

  /** Goes to a part of the page, or to a session in it; at once, or when the page is there. */
  show(place: Omit<Extract<ToDashboard, { type: "show" }>, "type">): void {
    this.#shown = { type: "show", ...place };
    if (this.#sentSeq !== null) this.#sendShown();
  }

  /** A hidden page is thrown away by the editor; it says that it is ready when it is shown again. */
  forget(): void {
    this.#sentSeq = null;
  }

  dispose(): void {
    this.#listening.dispose();
  }

  #take(data: unknown): void {
    const parsed = fromDashboardSchema.safeParse(data);
    if (!parsed.success) {
      this.#source.onFailure(new Error(`The dashboard said something that is no message: ${parsed.error.message}`));
      return;
    }
    const handle = this.#handlers[parsed.data.type] as (message: FromDashboard) => void;
    handle(parsed.data);
  }

  #sendModel(): void {
    const { model } = this.#source.live;
    this.#send({ type: "model", snapshot: snapshotFromModel(model), connection: this.#connection() });
    this.#sentSeq = model.seq;
    this.#sendShown();
  }

  #sendShown(): void {
    if (this.#shown) this.#send(this.#shown);
    this.#shown = undefined;
  }

  async #call({ id, route, param, query, body }: Extract<FromDashboard, { type: "call" }>): Promise<void> {
    try {
      // A view starts no gateway: where none runs it shows what it knows.
      if (this.#source.live.connection !== "connected") {
        throw new TallyError("gateway-unreachable", "Tally's gateway does not run.");
      }
      const input = { ...(param === undefined ? {} : { id: param }), query, body } as CallInput<DashboardRoute>;
      this.#send({ type: "answer", id, result: await this.#source.client.call(route, input) });
    } catch (error) {
      this.#send({ type: "refused", id, ...refusal(error) });
    }
  }

  #connection(): DashboardConnection {
    return shownConnection(this.#source.live.connection, vscode.workspace.isTrusted);
  }

  #send(message: ToDashboard): void {
    void this.#webview.postMessage(message);
  }
}

/** What is no refusal of the gateway's may have come after it had acted. */
function refusal(error: unknown): Omit<Extract<ToDashboard, { type: "refused" }>, "type" | "id"> {
  if (error instanceof TallyError) {
    const { code, message } = error;
    return { code, message, mayHaveArrived: mayHaveArrived(error) };
  }
  return { code: "internal", message: messageOf(error), mayHaveArrived: true };
}

function shownConnection(connection: Connection, isTrusted: boolean): DashboardConnection {
  return connection !== "connected" && !isTrusted ? "restricted" : connection;
}
