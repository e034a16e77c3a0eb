import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { type RouteName, routes, type RouteShape, type SocketName, sockets } from "../../../src/protocol/routes.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { knock, send } from "../../support/raw-http.ts";

describe("who may talk to the gateway", () => {
  let gateway: TestGateway;
  before(async () => (gateway = await startTestGateway()));
  after(() => gateway.dispose());

  const authorization = () => `Bearer ${gateway.endpoint.token}`;
  const host = () => new URL(gateway.endpoint.url).host;

  /** What a request lacks or carries too much, and how it is refused. */
  const intruders: [who: string, headers: () => Record<string, string>, status: number, code: string][] = [
    ["without the token", () => ({}), 401, "unauthorized"],
    ["with a wrong token", () => ({ authorization: "Bearer 0000" }), 401, "unauthorized"],
    [
      "with the token in another scheme",
      () => ({ authorization: `Basic ${gateway.endpoint.token}` }),
      401,
      "unauthorized",
    ],
    ["with a foreign Host", () => ({ authorization: authorization(), host: "evil.example:4317" }), 403, "host-refused"],
    [
      "with a Host that begins like ours",
      () => ({ authorization: authorization(), host: "127.0.0.1.evil.example" }),
      403,
      "host-refused",
    ],
    [
      "with another of our addresses as Host",
      () => ({ authorization: authorization(), host: "0.0.0.0" }),
      403,
      "host-refused",
    ],
    [
      "with a web page's Origin",
      () => ({ authorization: authorization(), origin: "https://evil.example" }),
      403,
      "origin-refused",
    ],
    [
      "with a sandboxed page's Origin",
      () => ({ authorization: authorization(), origin: "null" }),
      403,
      "origin-refused",
    ],
    [
      "with our own Origin",
      () => ({ authorization: authorization(), origin: `http://${host()}` }),
      403,
      "origin-refused",
    ],
  ];

  for (const [who, headers, status, code] of intruders) {
    for (const name of Object.keys(routes) as RouteName[]) {
      const { method, path }: RouteShape = routes[name];
      it(`refuses ${method} ${path} (${name}) ${who}`, async () => {
        const answer = await send(gateway.endpoint.url, { method, path, headers: headers() });
        assert.deepEqual([answer.status, answer.code], [status, code]);
      });
    }
    for (const name of Object.keys(sockets) as SocketName[]) {
      it(`refuses socket ${sockets[name].path} ${who}`, async () => {
        assert.equal(await knock(gateway.endpoint.url, sockets[name].path, headers()), status);
      });
    }
    it(`refuses an unknown path ${who}, without saying that it is unknown`, async () => {
      const answer = await send(gateway.endpoint.url, { path: "/nothing/here", headers: headers() });
      assert.equal(answer.code, code);
    });
  }

  it("lets the token's owner in, by each of our names", async () => {
    const { port } = new URL(gateway.endpoint.url);
    for (const name of ["127.0.0.1", "localhost", "[::1]"]) {
      const headers = { authorization: authorization(), host: `${name}:${port}` };
      assert.equal((await send(gateway.endpoint.url, { path: "/v1/health", headers })).status, 200);
      assert.equal(await knock(gateway.endpoint.url, "/v1/events", headers), 101);
    }
  });

  it("listens on loopback only", async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ internal, family }) => !internal && family === "IPv4");
    if (!outside) return;
    const { port } = new URL(gateway.endpoint.url);
    await assert.rejects(send(`http://${outside.address}:${port}`, { path: "/v1/health" }), { code: "ECONNREFUSED" });
  });

  it("keeps its folder to its owner, and so everything in it", () => {
    for (const path of [gateway.home.root, gateway.home.logs]) assert.equal(statSync(path).mode & 0o777, 0o700, path);
    const { tokenFile, gatewayFile, stateDb, gatewayLog } = gateway.home;
    for (const path of [tokenFile, gatewayFile, stateDb, gatewayLog])
      assert.equal(statSync(path).mode & 0o777, 0o600, path);
  });
});
