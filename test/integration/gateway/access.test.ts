import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { type RouteName, routes, type RouteShape, type SocketName, sockets } from "../../../src/protocol/routes.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { knock, send } from "../../support/raw-http.ts";
import { until } from "../../support/until.ts";

describe("who may talk to the gateway", () => {
  let gateway: TestGateway;
  before(async () => (gateway = await startTestGateway()));
  after(() => gateway.dispose());

  const authorization = () => `Bearer ${gateway.endpoint.token}`;
  const host = () => new URL(gateway.endpoint.url).host;

  /** Where the token stands for clients that cannot set a header. */
  const inPath = (token: string, path: string) => `/t/${token}${path}`;
  const ours = (path: string) => inPath(gateway.endpoint.token, path);

  /** What a request lacks or carries too much, how it is refused, and how it spells the path. */
  const intruders: [
    who: string,
    headers: () => Record<string, string>,
    status: number,
    code: string,
    spelled?: (path: string) => string,
  ][] = [
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
    ["with a wrong token in the path", () => ({}), 401, "unauthorized", (path) => inPath("0000", path)],
    ["with no token in the path", () => ({}), 401, "unauthorized", (path) => inPath("", path)],
    ["with the token further down in the path", () => ({}), 401, "unauthorized", (path) => `/v1${ours(path)}`],
    ["with the token in the query", () => ({}), 401, "unauthorized", (path) => `${path}?t=${gateway.endpoint.token}`],
    [
      "with a foreign Host, and the token in the path",
      () => ({ host: "evil.example:4317" }),
      403,
      "host-refused",
      (path) => ours(path),
    ],
    [
      "with a web page's Origin, and the token in the path",
      () => ({ origin: "https://evil.example" }),
      403,
      "origin-refused",
      (path) => ours(path),
    ],
  ];

  for (const [who, headers, status, code, spelled = (path: string) => path] of intruders) {
    for (const name of Object.keys(routes) as RouteName[]) {
      const { method, path }: RouteShape = routes[name];
      it(`refuses ${method} ${path} (${name}) ${who}`, async () => {
        const answer = await send(gateway.endpoint.url, { method, path: spelled(path), headers: headers() });
        assert.deepEqual([answer.status, answer.code], [status, code]);
      });
    }
    for (const name of Object.keys(sockets) as SocketName[]) {
      it(`refuses socket ${sockets[name].path} ${who}`, async () => {
        assert.equal(await knock(gateway.endpoint.url, spelled(sockets[name].path), headers()), status);
      });
    }
    it(`refuses an unknown path ${who}, without saying that it is unknown`, async () => {
      const answer = await send(gateway.endpoint.url, { path: spelled("/nothing/here"), headers: headers() });
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

  it("lets in who has the token in the path alone, to a route as to a socket", async () => {
    assert.equal((await send(gateway.endpoint.url, { path: ours("/v1/health") })).status, 200);
    assert.equal(await knock(gateway.endpoint.url, ours("/v1/events"), {}), 101);
  });

  it("takes what follows the token for the path, with its query", async () => {
    const answer = await send(gateway.endpoint.url, { path: ours("/v1/sessions?ref=nobody") });
    assert.equal(answer.code, "session-not-found");
    assert.equal((await send(gateway.endpoint.url, { path: ours("") })).code, "route-not-found");
  });

  it("keeps the token out of its log and its answers, however it was spelled into a path", async () => {
    const { token, url } = gateway.endpoint;
    const paths = [ours("/nothing"), `/T/${token}/nothing`, `/x${ours("/nothing")}`, `/%74/${token}/nothing`];
    for (const headers of [{}, { authorization: authorization() }]) {
      for (const path of paths) await send(url, { path, headers });
    }
    assert.equal(await knock(url, ours("/v1/nothing"), {}), 404);
    const { json } = await send(url, { path: ours("/last") });
    assert.doesNotMatch(JSON.stringify(json), new RegExp(token));
    const log = () => readFile(gateway.home.gatewayLog, "utf8");
    await until(async () => (await log()).includes("GET /last"), "the last of them to be in the log");
    assert.doesNotMatch(await log(), new RegExp(token));
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
    const { root, logs, tokenFile, gatewayFile, stateDb, gatewayLog } = gateway.home;
    for (const path of [root, logs]) assert.equal(statSync(path).mode & 0o777, 0o700, path);
    for (const path of [tokenFile, gatewayFile, stateDb, gatewayLog])
      assert.equal(statSync(path).mode & 0o777, 0o600, path);
    const all = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isSocket());
    for (const { parentPath, name } of all) assert.equal(statSync(join(parentPath, name)).mode & 0o077, 0, name);
  });

  it("leaves what agents make to the modes that the person has chosen", async () => {
    const session = await gateway.createSession({ agent: "command", args: ["sh", "-c", "umask"] });
    await gateway.untilState(session.id, "DONE");
    const { data } = await gateway.client.call("sessionOutput", { id: session.id, query: {} });
    assert.equal(data.trim(), execFileSync("sh", ["-c", "umask"], { encoding: "utf8" }).trim());
  });
});
