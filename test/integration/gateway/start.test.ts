import assert from "node:assert/strict";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { fork } from "node:child_process";
import { join } from "node:path";
import { readGatewayFile } from "../../../src/client/discovery.ts";
import { ensureGateway, findGateway } from "../../../src/client/ensure-gateway.ts";
import { GatewayClient } from "../../../src/client/http.ts";
import { TallyError } from "../../../src/protocol/errors.ts";
import { answerProblem } from "../../../src/server/http/answers.ts";
import { isRunning, repositoryRoot, startTestGateway, testHome, type TestHome } from "../../support/gateway.ts";
import { until } from "../../support/until.ts";

describe("starting the gateway", () => {
  let place: TestHome;
  beforeEach(async () => (place = await testHome()));
  afterEach(() => place.dispose());

  const options = (env: Record<string, string> = place.env) => ({ home: place.home, env, folder: repositoryRoot });
  const healthOf = (endpoint: { url: string; token: string }) => {
    const client = new GatewayClient(() => Promise.resolve(endpoint));
    return client.call("health", {}).finally(() => client.dispose());
  };

  /** Starts from so many processes at once, each a client of its own. Resolves with the pids of the gateways they got. */
  async function startFrom(processes: number): Promise<number[]> {
    const script = join(import.meta.dirname, "../../support/ensure-gateway-child.ts");
    const pids = Array.from({ length: processes }, () => {
      const child = fork(script, { env: place.env, silent: true });
      return new Promise<number>((resolve, reject) => {
        child.on("message", (pid) => resolve(Number(pid)));
        child.on("exit", (code) => reject(new Error(`a starter ended with ${code ?? "a signal"}`)));
      });
    });
    return Promise.all(pids);
  }

  it("finds none where none runs, and starts nothing by looking", async () => {
    assert.equal(await findGateway(options()), null);
    assert.equal(await readGatewayFile(place.home), null);
  });

  it("makes one of twenty simultaneous starts", async () => {
    const pids = await startFrom(20);
    assert.equal(pids.length, 20);
    assert.equal(new Set(pids).size, 1);
    assert.equal((await readGatewayFile(place.home))?.pid, pids[0]);
  });

  it("clears what a killed one left behind", async () => {
    const first = await healthOf(await ensureGateway(options()));
    process.kill(first.pid, "SIGKILL");
    await until(() => !isRunning(first.pid), "the gateway to be dead");
    assert.equal(await findGateway(options()), null);
    const second = await healthOf(await ensureGateway(options()));
    assert.notEqual(second.pid, first.pid);
  });

  it("is not held up by a start lock that was left behind", async () => {
    await ensureGateway(options())
      .then(healthOf)
      .then(({ pid }) => process.kill(pid, "SIGTERM"));
    await until(async () => (await readGatewayFile(place.home)) === null, "the gateway to stop");
    await writeFile(place.home.startLock, "999999999");
    assert.ok(await ensureGateway(options()));
  });

  it("takes a free port when its own is taken", async () => {
    // For one of two at least it is taken: by the other one, or by somebody else on this machine.
    const another = await testHome();
    const first = await healthOf(await ensureGateway(options()));
    const second = await healthOf(await ensureGateway({ ...options(another.env), home: another.home }));
    await another.dispose();
    assert.notEqual(first.port, second.port);
  });

  it("honours TALLY_TOKEN, also for clients that find the token in the file", async () => {
    const endpoint = await ensureGateway(options({ ...place.env, TALLY_TOKEN: "devtoken" }));
    assert.equal(endpoint.token, "devtoken");
    assert.equal((await findGateway(options()))?.token, "devtoken");
    await assert.rejects(findGateway(options({ ...place.env, TALLY_TOKEN: "other" })), { code: "unauthorized" });
  });

  it("does not show the token to whoever listens where a killed one did", async () => {
    const shown: (string | undefined)[] = [];
    const stranger = createHttpServer((request, response) => {
      shown.push(request.headers.authorization);
      response.end("{}");
    });
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const { port } = stranger.address() as AddressInfo;
    await healthOf(await ensureGateway(options())).then(({ pid }) => process.kill(pid, "SIGTERM"));
    await until(async () => (await readGatewayFile(place.home)) === null, "the gateway to stop");
    const left = { pid: 999_999_999, port, version: "0", protocol: 1, startedAt: 1 };
    await writeFile(place.home.gatewayFile, JSON.stringify(left));
    assert.equal(await findGateway(options()), null);
    assert.notEqual((await healthOf(await ensureGateway(options()))).port, port);
    assert.deepEqual(shown, []);
    stranger.close();
  });

  it("is not taken for running, nor kept from starting, by another's gateway at the place that its file names", async () => {
    const stranger = createHttpServer((_request, response) => {
      answerProblem(response, new TallyError("unauthorized", "The token is missing or wrong."));
    });
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const { port } = stranger.address() as AddressInfo;
    await mkdir(place.home.root);
    // Its process id is that of a living program, as one is that was given out anew after a reboot.
    const left = { pid: process.pid, port, version: "0", protocol: 1, startedAt: 1 };
    await writeFile(place.home.gatewayFile, JSON.stringify(left));
    await writeFile(place.home.tokenFile, "0123456789abcdef");
    assert.equal(await findGateway(options()), null);
    assert.notEqual((await healthOf(await ensureGateway(options()))).port, port);
    stranger.close();
  });

  it("says so when one runs that wants another token", async () => {
    await ensureGateway(options({ ...place.env, TALLY_TOKEN: "devtoken" }));
    const other = options({ ...place.env, TALLY_TOKEN: "other" });
    await assert.rejects(ensureGateway(other), { code: "unauthorized", message: /TALLY_TOKEN/ });
  });

  it("waits for one that is just stopping", async () => {
    const endpoint = await ensureGateway(options());
    const { pid } = await healthOf(endpoint);
    const client = new GatewayClient(() => Promise.resolve(endpoint));
    // A client that lingers keeps it from closing at once.
    const lingering = await client.socket("events");
    await new Promise((resolve) => lingering.once("message", resolve));
    lingering.pause();
    await client.call("stopGateway", {});
    await until(async () => (await readGatewayFile(place.home)) === null, "the gateway to begin to stop");
    assert.notEqual((await healthOf(await ensureGateway(options()))).pid, pid);
    lingering.terminate();
    client.dispose();
  });

  it("gives up on one that accepts and never answers, and says so", async () => {
    const hanging = createServer();
    await new Promise<void>((resolve) => hanging.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
    await assert.rejects(ensureGateway(options({ ...place.env, TALLY_URL: url })), { code: "gateway-unreachable" });
    hanging.close();
  });

  it("starts nothing when TALLY_URL names a gateway that does not answer", async () => {
    const elsewhere = { ...place.env, TALLY_URL: "http://127.0.0.1:9" };
    await assert.rejects(ensureGateway(options(elsewhere)), { code: "gateway-unreachable" });
    assert.equal(await readGatewayFile(place.home), null);
  });

  it("stops when asked, leaving no discovery file", async () => {
    const endpoint = await ensureGateway(options());
    const { pid } = await healthOf(endpoint);
    const client = new GatewayClient(() => Promise.resolve(endpoint));
    await client.call("stopGateway", {});
    client.dispose();
    await until(() => !isRunning(pid), "the gateway to stop");
    assert.equal(await readGatewayFile(place.home), null);
    assert.deepEqual(
      (await readdir(place.home.root)).filter((name) => name.endsWith(".tmp") || name.endsWith("start.lock")),
      [],
    );
  });
});

describe("an idle gateway", () => {
  it("stops by itself when nobody needs it, and not while a client is connected", async () => {
    const gateway = await startTestGateway({ TALLY_IDLE_MS: "2000" });
    const { home, pid } = gateway;
    const { clients } = await gateway.client.call("health", {});
    assert.equal(clients, 1);
    const askedAt = Date.now();
    // Whoever asks it anything keeps it, too.
    await until(() => askedAt + 5_000 < Date.now(), "some idle times to pass");
    assert.ok(isRunning(pid));
    gateway.disconnect();
    await until(() => !isRunning(pid), "the gateway to stop by itself");
    assert.equal(await readGatewayFile(home), null);
    await gateway.dispose();
  });
});
