import { connect } from "node:net";
import { WebSocket } from "ws";
import { TallyError } from "../../protocol/errors.ts";
import { parseJson } from "../../protocol/json.ts";
import {
  PTY_HOST_PROTOCOL,
  type PtyHostFile,
  ptyHostMessageSchema,
  type PtyHostMethod,
  ptyHostMethods,
  type PtyHostParams,
  type PtyHostResult,
  type PtyInfo,
} from "../../protocol/ptyhost.ts";

export interface PtyHostConnection {
  readonly file: PtyHostFile;
  /** @throws {TallyError} `pty-host-unavailable`, `spawn-failed`, or what else the host answered. */
  call<M extends PtyHostMethod>(method: M, params: PtyHostParams<M>): Promise<PtyHostResult<M>>;
  /** A socket that speaks terminal.ts for one viewer of one pty. */
  openTerminal(ptyId: string): WebSocket;
  /** The ptys that the host had when the connection was made. */
  readonly ptys: readonly PtyInfo[];
  close(): void;
}

const CALL_TIMEOUT_MS = 15_000;
const HANDSHAKE_TIMEOUT_MS = 2_000;
/** A snapshot of a large scrollback is the largest frame. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

function open(file: PtyHostFile, path: string): WebSocket {
  return new WebSocket(`ws://localhost${path}`, {
    // ws leaves its handshake's timeout to whoever makes the connection.
    createConnection: () => connect({ path: file.socketPath, timeout: HANDSHAKE_TIMEOUT_MS }),
    headers: { authorization: `Bearer ${file.token}` },
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  });
}

const unavailable = (why: string) =>
  new TallyError("pty-host-unavailable", `The process that holds the terminals is not reachable (${why}). Try again.`);

/**
 * Connects to a running pty host and greets it.
 * @throws {TallyError} `pty-host-unavailable` when nothing answers there.
 */
export async function connectPtyHost(
  file: PtyHostFile,
  on: { changed: (pty: PtyInfo) => void; closed: () => void },
): Promise<PtyHostConnection> {
  const socket = open(file, "/control");
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let nextId = 1;

  const call = <M extends PtyHostMethod>(
    method: M,
    params: PtyHostParams<M>,
    timeoutMs = CALL_TIMEOUT_MS,
  ): Promise<PtyHostResult<M>> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      const timer = setTimeout(() => settle(() => reject(unavailable(`no answer to ${method}`))), timeoutMs);
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        waiting.delete(id);
        finish();
      };
      waiting.set(id, {
        resolve: (result) => {
          const parsed = ptyHostMethods[method].result.safeParse(result);
          settle(() => {
            if (parsed.success) resolve(parsed.data as PtyHostResult<M>);
            else reject(unavailable(`it answered ${method} in a way that is not understood`));
          });
        },
        reject: (error) => settle(() => reject(error)),
      });
      socket.send(JSON.stringify({ id, method, params }), (error) => {
        if (error) waiting.get(id)?.reject(unavailable(error.message));
      });
    });

  socket.on("message", (data) => {
    const parsed = ptyHostMessageSchema.safeParse(parseJson((data as Buffer).toString("utf8")));
    // A newer host may say more than is known here.
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.type === "changed") on.changed(message.pty);
    else if (message.type === "result") waiting.get(message.id)?.resolve(message.result);
    else waiting.get(message.id)?.reject(fromHost(message.code, message.message));
  });

  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", (error) => reject(unavailable(error.message)));
  });
  // `close` always follows an error, and says what there is to say.
  socket.on("error", () => undefined);
  socket.on("close", () => {
    for (const { reject } of [...waiting.values()]) reject(unavailable("connection lost"));
    on.closed();
  });

  const { ptys } = await call("hello", { protocol: PTY_HOST_PROTOCOL }, HANDSHAKE_TIMEOUT_MS).catch(
    (error: unknown) => {
      socket.terminate();
      throw error;
    },
  );
  return {
    file,
    ptys,
    call,
    openTerminal: (ptyId) => open(file, `/ptys/${encodeURIComponent(ptyId)}/terminal`),
    close: () => socket.close(),
  };
}

function fromHost(code: string, message: string): TallyError {
  if (code === "pty-exists") {
    const text = "Its terminal is there already: something else was done with it meanwhile. Try again.";
    return new TallyError("session-live", text, { ptyHost: code });
  }
  return new TallyError(code === "spawn-failed" ? "spawn-failed" : "internal", message, { ptyHost: code });
}
