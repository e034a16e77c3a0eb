import { once } from "node:events";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { TallyHome } from "../../src/protocol/home.ts";
import { ptyHostFileSchema } from "../../src/protocol/ptyhost.ts";

export interface CuttableHost extends AsyncDisposable {
  /** From now on the host hears, and is not heard. */
  mute(): void;
  /** Ends all connections; those that are made afterwards work. */
  cut(): void;
}

/** Stands between the gateways that come and the one pty host of a home, which must run, as a connection that may break. */
export async function cuttableHost(home: TallyHome): Promise<CuttableHost> {
  const [name = ""] = await readdir(home.ptyHosts);
  const path = join(home.ptyHosts, name);
  const original = await readFile(path, "utf8");
  const file = ptyHostFileSchema.parse(JSON.parse(original));
  const socketPath = `${file.socketPath}.cut`;
  const pairs = new Map<Socket, Socket>();
  const server = createServer((gateway) => {
    const host = connect(file.socketPath);
    pairs.set(gateway, host);
    gateway.pipe(host).pipe(gateway);
    for (const socket of [gateway, host]) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        gateway.destroy();
        host.destroy();
        pairs.delete(gateway);
      });
    }
  });
  server.listen(socketPath);
  await once(server, "listening");
  await writeFile(path, JSON.stringify({ ...file, socketPath }));
  const cut = () => {
    for (const gateway of pairs.keys()) gateway.destroy();
  };
  return {
    mute: () => {
      for (const [gateway, host] of pairs) {
        host.unpipe(gateway);
        host.resume();
      }
    },
    cut,
    [Symbol.asyncDispose]: async () => {
      await writeFile(path, original);
      server.close();
      cut();
      await rm(socketPath, { force: true });
    },
  };
}
