import type { WebSocket } from "ws";
import { viewerMessageSchema, type ViewerMessage } from "../protocol/terminal.ts";
import type { Pty } from "./pty.ts";
import type { ViewerHandle } from "./viewers.ts";

/** Connects a viewer's socket to `pty`: attach first, then input and messages. What is no such frame closes the socket and says why. */
export function serveViewer(socket: WebSocket, pty: Pty): void {
  let handle: ViewerHandle | null = null;
  const refuse = (reason: string) => socket.close(1008, reason);

  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary) {
      if (handle) handle.receiveBytes(data);
      else refuse("attach first");
      return;
    }
    const message = parseMessage(data.toString());
    if (!message) {
      refuse("expected a viewer message");
    } else if (message.type !== "attach") {
      if (handle) handle.receiveMessage(message);
      else refuse("attach first");
    } else if (handle) {
      refuse("attached already");
    } else {
      handle = pty.attach(
        {
          sendBytes: (bytes) => socket.send(bytes),
          sendMessage: (frame) => socket.send(JSON.stringify(frame)),
          close: (code, reason) => socket.close(code, reason),
        },
        message,
      );
    }
  });
  socket.on("close", () => handle?.disconnected());
}

function parseMessage(text: string): ViewerMessage | null {
  try {
    return viewerMessageSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // no JSON
  }
}
