import type { GatewayClient } from "../../src/client/http.ts";
import { TerminalView } from "../../src/client/terminal-view.ts";
import type { TallyError } from "../../src/protocol/errors.ts";
import { deferred } from "./deferred.ts";
import { Screen, type Size } from "./screen.ts";

/** A session's terminal, or a process's, as the editor shows it: a view through the gateway, on a terminal that answers queries. */
export interface SessionView extends Disposable {
  readonly screen: Screen;
  readonly exited: Promise<{ exitCode: number | null; signal: string | null }>;
  type(text: string): void;
}

export function viewSession(
  client: GatewayClient,
  sessionId: string,
  size: Size = { cols: 100, rows: 30 },
  socket: "terminal" | "processTerminal" = "terminal",
): SessionView {
  const screen = new Screen(size);
  const exited = deferred<{ exitCode: number | null; signal: string | null }>();
  const view = new TerminalView({
    client,
    sessionId,
    socket,
    ...size,
    answersQueries: true,
    onData: (bytes) => screen.write(bytes, () => view.ack(bytes.length)),
    onSnapshot: ({ data, cols, rows }) => {
      screen.reset();
      screen.resize({ cols, rows });
      screen.write(data, () => view.ack(Buffer.byteLength(data)));
    },
    onSize: (agreed) => screen.resize(agreed),
    onExit: ({ exitCode, signal }) => exited.resolve({ exitCode, signal }),
    onConnection: () => undefined,
    onFailure: (error: TallyError) => exited.reject(error),
  });
  // A view that fails after its test has ended has nobody left to tell.
  exited.promise.catch(() => undefined);
  screen.onAnswer((answer) => view.write(Buffer.from(answer)));
  return {
    screen,
    exited: exited.promise,
    type: (text) => view.write(Buffer.from(text)),
    [Symbol.dispose]() {
      view.dispose();
      screen.dispose();
    },
  };
}
