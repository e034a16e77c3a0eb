import type { GatewayClient } from "../../client/http.ts";
import type { CreatedSession } from "../../protocol/routes.ts";
import { showTerminal } from "../terminal/show-terminal.ts";
import { userTerminal } from "../terminal/user-terminal.ts";
import { exitCodeOfView } from "../terminal/view-end.ts";
import type { ViewerRequest } from "./run-agent.ts";

/** How long the program waits for this terminal to show it, so that its first queries are answered by the real thing. */
const AWAIT_VIEWER_MS = 5_000;

/** Runs the session's program in the pty host, with this terminal as its transparent view. */
export async function runInTerminal(
  client: GatewayClient,
  create: (viewer: ViewerRequest) => Promise<CreatedSession>,
): Promise<number> {
  const terminal = userTerminal();
  const { session } = await create({ mode: "pty", ...terminal.size(), awaitViewerMs: AWAIT_VIEWER_MS });
  const end = await showTerminal({
    client,
    of: { kind: "session", id: session.id },
    terminal,
    // Whoever terminates `tally claude` means claude. The view ends when it has.
    onTerminate: (detach) => void client.call("endSession", { id: session.id, body: {} }).catch(detach),
  });
  return exitCodeOfView(end, session.id);
}
