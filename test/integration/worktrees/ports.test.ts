import assert from "node:assert/strict";
import { once } from "node:events";
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
    // Whatever this system's range is: what it chooses by itself lies in it.
    const chosen = await listen("127.0.0.1");
    assert.notEqual(lease?.port, chosen);
    assert.ok((lease?.port ?? 0) >= 50_000);
  });
});
