import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { PTY_HOST_PROTOCOL } from "../../../src/protocol/ptyhost.ts";
import { openHostSocket, startTestPtyHost, type TestPtyHost } from "../../support/ptyhost.ts";
import { until } from "../../support/until.ts";

describe("the pty host", () => {
  let host: TestPtyHost;
  beforeEach(async () => (host = await startTestPtyHost()));
  afterEach(() => host.dispose());

  const modeOf = (path: string) => statSync(path).mode & 0o777;

  it("lets only its own user near its socket, its token and its log", () => {
    assert.equal(modeOf(dirname(host.file.socketPath)), 0o700);
    assert.equal(modeOf(host.file.socketPath), 0o600);
    assert.equal(modeOf(host.home.ptyHosts), 0o700);
    assert.equal(modeOf(join(host.home.ptyHosts, `${host.file.pid}.json`)), 0o600);
    assert.equal(modeOf(host.home.ptyHostLog), 0o600);
  });

  for (const path of ["/control", "/ptys/any/terminal"]) {
    it(`refuses ${path} without its token`, async () => {
      await assert.rejects(openHostSocket(host.file, path, "wrong"), /401/);
      await assert.rejects(openHostSocket(host.file, path, `${host.file.token}x`), /401/);
      await assert.rejects(openHostSocket(host.file, path, ""), /401/);
    });
  }

  for (const path of ["/ptys/unknown/terminal", "/ptys/%/terminal", "/", "/controls"]) {
    it(`knows no ${path}`, async () => {
      await assert.rejects(openHostSocket(host.file, path), /404/);
    });
  }

  it("greets with its protocol and its ptys", async () => {
    await host.createShell("exec sleep 60", { ptyId: "one" });
    const { protocol, ptys } = await host.control.call("hello", { protocol: PTY_HOST_PROTOCOL });
    assert.equal(protocol, PTY_HOST_PROTOCOL);
    assert.deepEqual(
      ptys.map(({ ptyId, phase }) => [ptyId, phase]),
      [["one", "running"]],
    );
  });

  it("tells every gateway that is connected of a change", async () => {
    const other = await host.connectControl();
    const { ptyId } = await host.createShell("exit 0");
    assert.equal((await other.exited(ptyId)).exitCode, 0);
    assert.equal((await host.control.exited(ptyId)).exitCode, 0);
  });

  it("keeps its ptys when its gateway goes", async () => {
    const { ptyId } = await host.createShell("read line; exit 9");
    host.control.close();
    const next = await host.connectControl();
    const viewer = await host.attachViewer(ptyId);
    viewer.type("\r");
    assert.equal((await next.exited(ptyId)).exitCode, 9);
  });

  it("refuses a second pty of one id", async () => {
    await host.createShell("exec sleep 60", { ptyId: "one" });
    await assert.rejects(host.createShell("exit 0", { ptyId: "one" }), /pty-exists/);
  });

  it("answers a request that it cannot read with an error, and goes on", async () => {
    host.control.socket.send(JSON.stringify({ id: 999, method: "dance", params: {} }));
    await assert.rejects(
      host.control.call("signal", { ptyId: 1 as unknown as string, signal: "SIGINT" }),
      /invalid-request/,
    );
    assert.equal((await host.control.call("memory", {})).ptys, 0);
  });

  it("closes a control connection that does not speak the protocol", async () => {
    const bad = await host.connectControl();
    bad.socket.send("hello?");
    const [code] = (await once(bad.socket, "close")) as [number];
    assert.equal(code, 1008);
    assert.equal((await host.control.call("memory", {})).ptys, 0);
  });

  it("ignores a hangup", async () => {
    host.child.kill("SIGHUP");
    assert.equal((await host.control.call("memory", {})).ptys, 0);
  });

  it("hangs up its ptys when it is terminated, and leaves nothing behind", async () => {
    const { pid } = await host.createShell("exec sleep 60");
    host.child.kill("SIGTERM");
    await once(host.child, "exit");
    assert.throws(() => process.kill(pid ?? 0, 0), /ESRCH/);
    assert.ok(!existsSync(host.file.socketPath));
  });
});

describe("a pty host that nobody uses", () => {
  it("exits by itself, but not while it has a pty that was not forgotten", async () => {
    const host = await startTestPtyHost({ graceMs: 1_500 });
    const { ptyId } = await host.createShell("exit 0");
    await host.control.exited(ptyId);
    host.control.close();
    const next = await host.connectControl();
    await next.call("forget", { ptyId });
    next.close();
    await until(() => host.child.exitCode === 0, "the end of the host");
    await host.dispose();
  });
});
