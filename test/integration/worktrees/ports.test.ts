import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { isPortFree, PortLeases } from "../../../src/server/worktrees/ports.ts";

describe("a port that another program listens on", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** Something that listens on a port of the system's choice. */
  async function listen(host: string): Promise<number> {
    const server = createServer().listen(0, host);
    servers.push(server);
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  const hasIpv6 = Object.values(networkInterfaces())
    .flat()
    .some((address) => address?.address === "::1");

  for (const host of ["127.0.0.1", "0.0.0.0", ...(hasIpv6 ? ["::1", "::"] : [])]) {
    it(`is not free, when it does so on ${host}`, async () => {
      const port = await listen(host);
      assert.equal(await isPortFree(port), false);
    });
  }

  it("is free again when it has ended", async () => {
    const port = await listen("127.0.0.1");
    const [server] = servers.splice(0);
    server?.close();
    if (server) await once(server, "close");
    assert.equal(await isPortFree(port), true);
    assert.equal(await isPortFree(port), true);
  });

  it("is passed over by the next lease", async () => {
    const port = await listen("127.0.0.1");
    const leases = new PortLeases({ leased: () => new Set(), ephemeral: () => Promise.resolve(null) });
    const found = await leases.lease([{ name: "backend", from: port }], (ports) => ports.map((each) => each.port));
    assert.ok((found[0] ?? 0) > port);
  });

  it("is none that the system gives to outgoing connections", async () => {
    const leases = new PortLeases({ leased: () => new Set() });
    const [lease] = await leases.lease([{ name: "backend", from: 50_000 }], (ports) => ports);
    const [first = 0, last = 0] = await systemRange();
    assert.ok(lease && lease.port >= 50_000);
    assert.ok(lease.port < first || lease.port > last || last === 65_535);
  });
});

async function systemRange(): Promise<number[]> {
  if (process.platform !== "linux") return [49_152, 65_535];
  const text = await readFile("/proc/sys/net/ipv4/ip_local_port_range", "utf8");
  return text.trim().split(/\s+/).map(Number);
}
