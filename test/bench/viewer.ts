import { EventEmitter, once } from "node:events";
import type { GatewayClient } from "../../src/client/http.ts";
import { TerminalView } from "../../src/client/terminal-view.ts";

/** A viewer without a screen: it takes what comes, acknowledges it at once, and counts. */
export interface Viewer {
  readonly receivedBytes: number;
  /** How often it was skipped ahead because it had fallen behind. */
  readonly skips: number;
  readonly exited: Promise<unknown>;
  /** The next piece of output from now on. */
  untilOutput(): Promise<unknown>;
  write(text: string): void;
  dispose(): void;
}

/** A byte that is lost must fail the measurement, not hang it. */
const OUTPUT_WITHIN_MS = 30_000;

export function openViewer(client: GatewayClient, sessionId: string): Viewer {
  const events = new EventEmitter<{ output: []; exit: []; error: [Error] }>();
  let receivedBytes = 0;
  let skips = 0;
  const exited = once(events, "exit");
  const view = new TerminalView({
    client,
    sessionId,
    cols: 120,
    rows: 40,
    answersQueries: false,
    onData: (bytes) => {
      receivedBytes += bytes.length;
      view.ack(bytes.length);
      events.emit("output");
    },
    onSnapshot: ({ data, why }) => {
      if (why === "behind") skips += 1;
      view.ack(Buffer.byteLength(data));
      events.emit("output");
    },
    onSize: () => undefined,
    onConnection: () => undefined,
    onExit: () => events.emit("exit"),
    onFailure: (error) => events.emit("error", error),
  });
  return {
    get receivedBytes() {
      return receivedBytes;
    },
    get skips() {
      return skips;
    },
    exited,
    untilOutput: () => once(events, "output", { signal: AbortSignal.timeout(OUTPUT_WITHIN_MS) }),
    write: (text) => view.write(Buffer.from(text)),
    dispose: () => view.dispose(),
  };
}
