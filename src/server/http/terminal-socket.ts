import { WebSocket } from "ws";
import type { Session } from "../../protocol/entities.ts";
import { parseJson } from "../../protocol/json.ts";
import { type TerminalMessage, viewerMessageSchema } from "../../protocol/terminal.ts";
import type { SessionOutput } from "../store/store.ts";

/** A viewer's first frames come before the way to the pty host is open. */
const MAX_EARLY_FRAMES = 1_000;

/** Joins a viewer and its pty: frames pass unchanged both ways. How much may be under way is the pty host's business, by acks. */
export function joinTerminal(viewer: WebSocket, pty: WebSocket): void {
  const early: { data: Buffer; isBinary: boolean }[] = [];
  viewer.on("message", (data, isBinary) => {
    if (pty.readyState === WebSocket.OPEN) pty.send(data as Buffer, { binary: isBinary });
    else if (early.length < MAX_EARLY_FRAMES) early.push({ data: data as Buffer, isBinary });
    else viewer.close(1008, "too much before attaching");
  });
  pty.on("open", () => {
    for (const { data, isBinary } of early.splice(0)) pty.send(data, { binary: isBinary });
  });
  pty.on("message", (data, isBinary) => {
    if (viewer.readyState === WebSocket.OPEN) viewer.send(data as Buffer, { binary: isBinary });
  });
  // `close` follows an error on either side, and takes the other side along.
  viewer.on("error", () => undefined);
  pty.on("error", () => undefined);
  viewer.on("close", () => pty.close());
  pty.on("close", (code, reason) => viewer.close(code === 1000 ? 1000 : 1011, reason));
}

/** Shows the last screen of a session that has ended, to a viewer that attaches as to a living one. */
export function serveEndedTerminal(viewer: WebSocket, session: Session, output: SessionOutput): void {
  // `close` follows.
  viewer.on("error", () => undefined);
  viewer.once("message", (data, isBinary) => {
    if (isBinary || !viewerMessageSchema.safeParse(parseJson((data as Buffer).toString("utf8"))).success) {
      viewer.close(1008, "the first frame must be attach");
      return;
    }
    const send = (message: TerminalMessage) => viewer.send(JSON.stringify(message));
    const { ansi, cols, rows } = output;
    send({ type: "size", cols, rows });
    if (ansi !== "") send({ type: "snapshot", cols, rows, data: ansi, why: "attach" });
    send({ type: "exit", exitCode: session.exitCode, signal: session.exitSignal, restore: "" });
    viewer.close(1000);
  });
}
