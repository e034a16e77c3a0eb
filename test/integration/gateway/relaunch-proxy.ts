import { once } from "node:events";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import type { TallyHome } from "../../../src/protocol/home.ts";
import { ptyHostFileSchema } from "../../../src/protocol/ptyhost.ts";
import { deferred } from "../../support/deferred.ts";

/** Where a gateway dies that relaunches a program: before its host was asked to, or before it hears that this was done. */
export type Death = "before-asking" | "before-hearing";

export interface RelaunchProxy extends AsyncDisposable {
  /** The gateway may be killed now: it is where it is to die. */
  readonly reached: Promise<unknown>;
}

/**
 * Stands between the next gateway and the pty host of a home, and stops one of the two from hearing of the other at the first
 * `replace`, so that a gateway can be killed right there. Disposed, the host is reached directly again.
 */
export async function relaunchProxy(home: TallyHome, death: Death): Promise<RelaunchProxy> {
  const [name = ""] = await readdir(home.ptyHosts);
  const path = join(home.ptyHosts, name);
  const original = await readFile(path, "utf8");
  const file = ptyHostFileSchema.parse(JSON.parse(original));
  const socketPath = `${file.socketPath}.proxy`;
  const reached = deferred<unknown>();
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });

  const relay = (gateway: WebSocket, url: string, authorization: string) => {
    const host = new WebSocket(`ws://localhost${url}`, {
      createConnection: () => connect({ path: file.socketPath }),
      headers: { authorization },
      perMessageDeflate: false,
    });
    let isCutOff = false;
    let replaceId: unknown = null;
    const isOpen = once(host, "open");
    gateway.on("message", (data: RawData, isBinary) => {
      const { id, method } = isBinary ? {} : messageOf(data);
      if (method === "replace") {
        isCutOff = true;
        replaceId = id;
        if (death === "before-asking") reached.resolve(null);
      }
      const isLost = isCutOff && death === "before-asking";
      if (!isLost) void isOpen.then(() => host.send(data, { binary: isBinary }));
    });
    host.on("message", (data: RawData, isBinary) => {
      const { id, type } = isBinary ? {} : messageOf(data);
      if (type === "result" && id === replaceId) reached.resolve(null);
      if (!isCutOff) gateway.send(data, { binary: isBinary });
    });
    gateway.on("close", () => host.terminate());
    host.on("close", () => gateway.terminate());
    host.on("error", () => gateway.terminate());
  };

  server.on("connection", (gateway, request) => relay(gateway, request.url ?? "", request.headers.authorization ?? ""));
  http.listen(socketPath);
  await once(http, "listening");
  await writeFile(path, JSON.stringify({ ...file, socketPath }));
  return {
    reached: reached.promise,
    [Symbol.asyncDispose]: async () => {
      await writeFile(path, original);
      for (const socket of server.clients) socket.terminate();
      http.close();
      await rm(socketPath, { force: true });
    },
  };
}

function messageOf(data: RawData): { id?: unknown; method?: unknown; type?: unknown } {
  return JSON.parse((data as Buffer).toString("utf8")) as { id?: unknown; method?: unknown; type?: unknown };
}
