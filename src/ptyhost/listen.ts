import { timingSafeEqual } from "node:crypto";
import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { basename, join } from "node:path";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { ensurePrivateFolder } from "./private-folder.ts";
import type { Pty } from "./pty.ts";

/** A paste is one frame; so is a request to create a pty, with a whole environment in it. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

export interface ListenOptions {
  readonly token: string;
  readonly socketPath: string;
  readonly onControl: (socket: WebSocket) => void;
  /** Null when there is no such pty, or it has no terminal. */
  readonly terminalOf: (ptyId: string) => Pty | null;
  readonly onViewer: (socket: WebSocket, pty: Pty) => void;
  readonly onError: (error: unknown) => void;
}

export interface Listener {
  /** Stops listening, ends all connections and removes the socket. */
  readonly close: () => void;
}

/** Where a host with process id `pid` listens: a file in the private folder `sockets`, or a named pipe on Windows. */
export function socketPathIn(sockets: string, pid: number): string {
  return process.platform === "win32" ? `\\\\.\\pipe\\${basename(sockets)}-p${pid}` : join(sockets, `p${pid}.sock`);
}

const peerIsGone = new Set(["ECONNRESET", "EPIPE"]);

/**
 * Serves WebSockets at `socketPath` to whoever knows the token. Rejects when the folder of the socket is not ours alone, or it cannot listen.
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { socketPath, onError } = options;
  const isFile = process.platform !== "win32";
  const http = createServer((_request, response) => response.writeHead(426).end());
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES });

  http.on("upgrade", (request, stream, head) => {
    // A gateway that ends without a word is seen by its socket's close; there is nothing wrong here.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (!peerIsGone.has(error.code ?? "")) onError(error);
    });
    const accept = routeOf(request, options);
    if (typeof accept === "number") {
      refuse(stream, accept);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      // A frame that breaks the protocol: ws closes the socket with the fitting code.
      socket.on("error", onError);
      accept(socket);
    });
  });

  if (isFile) {
    ensurePrivateFolder(join(socketPath, ".."));
    rmSync(socketPath, { force: true });
  }
  // The socket must never be open to others, not even until it could be changed.
  const oldMask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      http.once("error", reject);
      http.listen(socketPath, resolve);
    });
  } finally {
    process.umask(oldMask);
  }
  if (isFile) chmodSync(socketPath, 0o600);
  http.on("error", onError);

  return {
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      http.close();
      if (isFile) rmSync(socketPath, { force: true });
    },
  };
}

/** What to do with a connection, or the status that refuses it. */
function routeOf(request: IncomingMessage, options: ListenOptions): number | ((socket: WebSocket) => void) {
  if (!isAuthorized(request.headers.authorization, options.token)) return 401;
  const path = request.url ?? "";
  if (path === "/control") return options.onControl;
  const ptyId = /^\/ptys\/([^/?]+)\/terminal$/.exec(path)?.[1];
  if (ptyId === undefined) return 404;
  const decoded = decodeSegment(ptyId);
  const pty = decoded === null ? null : options.terminalOf(decoded);
  return pty ? (socket) => options.onViewer(socket, pty) : 404;
}

function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null; // a stray percent sign
  }
}

/** Compares in a time that tells nothing about the token but its length, which is no secret. */
function isAuthorized(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? "");
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function refuse(stream: Duplex, status: number): void {
  const reason = status === 401 ? "Unauthorized" : "Not Found";
  stream.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
