import type { WebSocket } from "ws";
import type { Control, ControlConnection } from "./control.ts";

/** Connects a gateway's socket to `control`. `onUse` is called when it has come and when it has gone. */
export function serveControl(socket: WebSocket, control: Control, onUse: () => void): void {
  const connection: ControlConnection = {
    send: (message) => socket.send(JSON.stringify(message)),
    close: (code, reason) => socket.close(code, reason),
  };
  control.add(connection);
  onUse();
  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary) connection.close(1003, "expected text");
    else void control.receive(connection, data.toString());
  });
  socket.on("close", () => {
    control.remove(connection);
    onUse();
  });
}
