import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTestPtyHost, type TestPtyHost } from "../../support/ptyhost.ts";
import { until } from "../../support/until.ts";

describe("a program in the pty host", () => {
  let host: TestPtyHost;
  before(async () => (host = await startTestPtyHost()));
  after(() => host.dispose());

  it("exits with its code", async () => {
    const { ptyId, phase, pid } = await host.createShell("exit 7");
    assert.equal(phase, "running");
    const info = await host.control.exited(ptyId);
    assert.deepEqual(
      { exitCode: info.exitCode, signal: info.signal, pid: info.pid, spawnError: info.spawnError },
      { exitCode: 7, signal: null, pid, spawnError: null },
    );
    assert.ok((info.exitedAt ?? 0) > 0);
  });

  for (const signal of ["SIGINT", "SIGHUP", "SIGTERM", "SIGKILL"] as const) {
    it(`ends on ${signal}, by that name`, async () => {
      const { ptyId } = await host.createShell("exec sleep 60");
      await host.control.call("signal", { ptyId, signal });
      const info = await host.control.exited(ptyId);
      assert.deepEqual([info.exitCode, info.signal], [null, signal]);
    });
  }

  it("takes its children along when it is killed, those in groups of their own too", async () => {
    const { ptyId } = await host.createShell("set -m; sleep 60 & echo child $! end; wait");
    const viewer = await host.attachViewer(ptyId);
    const text = async () => (await host.control.call("output", { ptyId, format: "text" })).data;
    await until(async () => / end/.test(await text()), "the child's pid");
    const child = Number(/child (\d+)/.exec(await text())?.[1]);
    await host.control.call("signal", { ptyId, signal: "SIGKILL" });
    await viewer.untilClosed();
    await until(() => !isRunning(child), "the end of the child");
  });

  it("ends on SIGTERM while it is stopped", async () => {
    const { ptyId } = await host.createShell("echo ready; kill -STOP $$; sleep 60");
    const viewer = await host.attachViewer(ptyId);
    await until(async () => (await host.control.call("output", { ptyId, format: "text" })).data !== "", "its output");
    await host.control.call("signal", { ptyId, signal: "SIGTERM" });
    assert.equal((await host.control.exited(ptyId)).signal, "SIGTERM");
    viewer.close();
  });

  it("gets the environment that it was given, and a terminal's", async () => {
    const env = { PATH: process.env["PATH"] ?? "", ODD: "with 'quotes' and émoji 🙂", TERM: "dumb" };
    const { ptyId } = await host.createShell('printf "%s|%s|%s|%s" "$ODD" "$TERM" "$COLORTERM" "$TALLY_HOME"', { env });
    await host.control.exited(ptyId);
    const { data } = await host.control.call("output", { ptyId, format: "text" });
    assert.equal(data, `${env.ODD}|xterm-256color|truecolor|\n`);
  });

  it("runs in its folder with its arguments as they are, whatever is in them", async () => {
    const cwd = join(host.home.root, "a folder 'with' 🙂");
    mkdirSync(cwd);
    const args = ["-c", 'pwd; printf "%s\\n" "$@"', "sh", "two words", "$HOME", "", "é;🙂"];
    const { ptyId } = await host.createShell("", { cwd, args });
    await host.control.exited(ptyId);
    const { data } = await host.control.call("output", { ptyId, format: "text" });
    assert.equal(data, `${cwd}\ntwo words\n$HOME\n\né;🙂\n`);
  });

  it("has a terminal that erases whole characters", async () => {
    const { ptyId } = await host.createShell("read line; printf '%s' \"$line\" | od -An -tx1", {
      awaitViewerMs: 60_000,
    });
    const viewer = await host.attachViewer(ptyId);
    viewer.type("aé\x7f\r");
    await viewer.untilClosed();
    assert.match(viewer.text, / 61\r\n/);
  });

  describe("that cannot be started", () => {
    const refused = (overrides: object, message: RegExp) =>
      assert.rejects(host.createShell("", { ptyId: "refused", ...overrides }), message);

    it("is refused when it is missing", () =>
      refused({ file: "/no/such/program" }, /^Error: spawn-failed: .*not exist/));
    it("is refused when it is a folder", () => refused({ file: "/tmp" }, /^Error: spawn-failed: .*not a program/));
    it("is refused when its path is relative", () => refused({ file: "sh" }, /^Error: spawn-failed: .*absolute/));
    it("is refused when its folder is missing", () => refused({ cwd: "/no/such/folder" }, /^Error: spawn-failed/));
    it("is refused when it is not executable", () => {
      const file = join(host.home.root, "plain.txt");
      writeFileSync(file, "text");
      return refused({ file }, /^Error: spawn-failed: .*permission denied/);
    });

    it("leaves its id free", async () => {
      await refused({ file: "/no/such/program" }, /spawn-failed/);
      await assert.rejects(host.control.call("forget", { ptyId: "refused" }), /pty-not-found/);
    });

    it("says why when only the system finds out", async () => {
      const file = join(host.home.root, "script");
      writeFileSync(file, "#!/no/such/interpreter\n");
      chmodSync(file, 0o755);
      const { ptyId } = await host.createShell("", { file, args: [] });
      assert.match((await host.control.exited(ptyId)).spawnError ?? "", /No such file/);
    });
  });

  it("keeps its screen after its exit until it is forgotten", async () => {
    const { ptyId } = await host.createShell("printf 'last words'");
    await host.control.exited(ptyId);
    const { data } = await host.control.call("output", { ptyId, format: "text" });
    assert.equal(data, "last words\n");
    await host.control.call("forget", { ptyId });
    await assert.rejects(host.control.call("output", { ptyId, format: "text" }), /pty-not-found/);
  });

  it("cannot be forgotten while it runs", async () => {
    const { ptyId } = await host.createShell("exec sleep 60");
    await assert.rejects(host.control.call("forget", { ptyId }), /invalid-request/);
    await host.control.call("signal", { ptyId, signal: "SIGKILL" });
    await host.control.exited(ptyId);
  });

  it("tells its status, and clears it", async () => {
    const message = Buffer.from("approve é").toString("base64");
    const { ptyId } = await host.createShell(
      `printf '\\033]7501;state=blocked:app=demo:kind=permission:msg=${message}\\007'; read line; printf '\\033]7501;state=clear\\033\\\\'; read line`,
    );
    await until(() => host.control.changed.get(ptyId)?.status?.state === "blocked", "the status");
    assert.deepEqual(host.control.changed.get(ptyId)?.status, {
      state: "blocked",
      app: "demo",
      kind: "permission",
      message: "approve é",
    });
    const viewer = await host.attachViewer(ptyId);
    viewer.type("\r");
    await until(() => host.control.changed.get(ptyId)?.status === null, "the end of the status");
    viewer.type("\r");
    await viewer.untilClosed();
  });

  it("waits for its first viewer, and starts at that viewer's size", async () => {
    const { ptyId, phase, pid } = await host.createShell("stty size", { awaitViewerMs: 60_000 });
    assert.deepEqual([phase, pid], ["pending", null]);
    const viewer = await host.attachViewer(ptyId, { cols: 91, rows: 33 });
    await viewer.untilClosed();
    assert.equal(viewer.text, "33 91\r\n");
  });

  it("starts at the size of its request when no viewer comes in time", async () => {
    const { ptyId } = await host.createShell("stty size", { awaitViewerMs: 1, cols: 50, rows: 10 });
    await host.control.exited(ptyId);
    const { data } = await host.control.call("output", { ptyId, format: "text" });
    assert.equal(data, "10 50\n");
  });

  it("never starts when it is signalled while it waits for a viewer", async () => {
    const { ptyId } = await host.createShell("echo started", { awaitViewerMs: 60_000 });
    await host.control.call("signal", { ptyId, signal: "SIGTERM" });
    const { signal, pid } = await host.control.exited(ptyId);
    assert.deepEqual([signal, pid], ["SIGTERM", null]);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // no such process
  }
}
