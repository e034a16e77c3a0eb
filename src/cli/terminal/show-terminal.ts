import type { GatewayClient } from "../../client/http.ts";
import { hasSuspendKey } from "../../client/suspend-key.ts";
import { TerminalView } from "../../client/terminal-view.ts";
import type { TallyError } from "../../protocol/errors.ts";
import type { ProgramExit } from "../exit-codes.ts";
import { detachKeyRecogniser } from "./detach-key.ts";
import { presentSnapshot, RESET_MODES } from "./snapshot.ts";
import { hasSuspended, resumeProgram, suspendBoth } from "./suspend.ts";
import type { UserTerminal } from "./user-terminal.ts";

/** How a view of a terminal ended. */
export type ViewEnd =
  | ({ readonly kind: "exited" } & ProgramExit)
  | { readonly kind: "detached" }
  | { readonly kind: "hung-up" }
  | { readonly kind: "failed"; readonly error: TallyError };

/** Whose terminal it is. */
export interface TerminalOwner {
  readonly kind: "session" | "process";
  readonly id: string;
}

export interface ShowTerminal {
  readonly client: GatewayClient;
  readonly of: TerminalOwner;
  readonly terminal: UserTerminal;
  /** Somebody asks this process to terminate, by a signal. The view goes on until the program has ended or `detach` is called. */
  readonly onTerminate: (detach: () => void) => void;
}

/** Makes the person's terminal a transparent view of a session's or a process's, until either is over. */
export async function showTerminal({ client, of, terminal, onTerminate }: ShowTerminal): Promise<ViewEnd> {
  await terminal.takeOver();
  const over = new AbortController();
  const end = await new Promise<ViewEnd>((resolve) => {
    let isFirst = true;
    const view = new TerminalView({
      client,
      sessionId: of.id,
      socket: of.kind === "session" ? "terminal" : "processTerminal",
      ...terminal.size(),
      answersQueries: true,
      onData(bytes) {
        isFirst = false;
        terminal.write(bytes, () => view.ack(bytes.length));
      },
      onSnapshot(snapshot) {
        const shown = presentSnapshot(snapshot, { isFirst, rows: terminal.size().rows });
        isFirst = false;
        terminal.write(shown, () => view.ack(Buffer.byteLength(snapshot.data)));
      },
      onSize: () => undefined,
      onExit({ restore, exitCode, signal }) {
        // Nobody saw it end, so nobody knows what it left switched on.
        const isLost = exitCode === null && signal === null;
        terminal.write(isLost ? RESET_MODES : restore, () => resolve({ kind: "exited", exitCode, signal }));
      },
      // The screen belongs to the agent: a view that comes back says nothing, and shows the screen as it then is.
      onConnection: () => undefined,
      onFailure: (error) => terminal.write(isFirst ? "" : RESET_MODES, () => resolve({ kind: "failed", error })),
    });
    const detach = () => {
      void view.detach().then((restore) => terminal.write(restore, () => resolve({ kind: "detached" })));
    };
    const recognise = detachKeyRecogniser();
    terminal.onInput((input) => {
      const { forward, detach: wanted } = recognise(input);
      if (forward.length > 0) view.write(forward);
      if (wanted) detach();
      else if (of.kind === "session" && hasSuspendKey(forward)) {
        void suspendWithAgent({ client, sessionId: of.id, terminal }, over.signal);
      }
    });
    terminal.onResize(() => {
      const { cols, rows } = terminal.size();
      view.resize(cols, rows);
    });
    terminal.onHangUp(() => {
      view.dispose();
      resolve({ kind: "hung-up" });
    });
    // Raw mode keeps the keyboard from making signals: these were sent to this process by another one.
    process.on("SIGINT", () => view.write(Buffer.from("\x03")));
    process.on("SIGQUIT", () => view.write(Buffer.from("\x1c")));
    process.on("SIGTERM", () => onTerminate(detach));
  });
  over.abort();
  terminal.giveBack();
  return end;
}

/** When Ctrl-Z suspends the agent, this job is suspended too, so that the person is back in the shell; `fg` resumes both. */
async function suspendWithAgent(
  { client, sessionId, terminal }: Pick<ShowTerminal, "client" | "terminal"> & { readonly sessionId: string },
  signal: AbortSignal,
): Promise<void> {
  if (process.platform === "win32") return;
  try {
    const { session } = await client.call("getSession", { id: sessionId });
    if (session.pid === null || !(await hasSuspended(session.pid, signal))) return;
    terminal.giveBack();
    await suspendBoth(session.pid);
    await terminal.takeOver();
    resumeProgram(session.pid);
  } catch {
    // The view ended meanwhile, or the gateway is away: then there is nothing to suspend with.
  }
}
