import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readGatewayFile } from "../../../src/client/discovery.ts";
import { ensureGateway } from "../../../src/client/ensure-gateway.ts";
import { GatewayClient } from "../../../src/client/http.ts";
import { untilGatewayRuns } from "../../../src/client/until-gateway-runs.ts";
import { isRunning, ptyHostPids, repositoryRoot, startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { git, tempRepo } from "../../support/repositories.ts";
import { viewSession } from "../../support/session-view.ts";
import { until } from "../../support/until.ts";

describe("sessions", () => {
  let gateway: TestGateway;
  beforeEach(async () => (gateway = await startTestGateway()));
  afterEach(() => gateway.dispose());

  const shell = (script: string) => gateway.createSession({ args: ["sh", "-c", script] });
  const outputOf = async (id: string) => (await gateway.client.call("sessionOutput", { id, query: {} })).data;
  const sessionOf = async (id: string) => (await gateway.client.call("getSession", { id })).session;

  it("runs a command to its end, and keeps its last screen and its exit code", async () => {
    const { id } = await shell("echo well done; exit 3");
    const ended = await gateway.untilState(id, "ERROR");
    assert.deepEqual([ended.exitCode, ended.exitSignal], [3, null]);
    assert.equal(await outputOf(id), "well done\n");
  });

  it("creates a root task that follows the session to its end", async () => {
    const { id, rootTaskId } = await shell("read answer; exit 0");
    assert.match(rootTaskId, /^command-\d{13}-[0-9a-z]{9}$/);
    await gateway.untilState(id, "RUNNING");
    assert.equal(gateway.model().tasks.get(rootTaskId)?.state, "RUNNING");
    await gateway.client.call("renameSession", { id, body: { title: "Ask 🦊" } });
    await gateway.client.call("endSession", { id, body: {} });
    await until(() => gateway.model().tasks.get(rootTaskId)?.state === "DONE", "the task to be done");
    assert.equal(gateway.model().tasks.get(rootTaskId)?.title, "Ask 🦊");
  });

  it("passes arguments, folder and environment as they are, whatever is in them", async () => {
    const cwd = join(gateway.home.root, "a folder 'with' \"quotes\" ünd 🦊");
    await mkdir(cwd);
    const args = ["two  spaces", "$HOME `id` \\", "a \"b\" 'c'", "ünï 🦊\u200d", "", "-n", "*"];
    const { id } = await gateway.createSession({
      args: ["sh", "-c", 'printf "<%s>" "$PWD" "$ODD" "$TALLY_SESSION_ID" "$@"', "sh", ...args],
      cwd,
      env: { ...gateway.env, ODD: "a=b 🦊\ttab" },
      cols: 500,
    });
    await gateway.untilState(id, "DONE");
    const expected = [cwd, "a=b 🦊\ttab", id, ...args].map((each) => `<${each}>`).join("");
    assert.equal((await outputOf(id)).trimEnd().replaceAll(/\s+/g, " "), expected.replaceAll(/\s+/g, " "));
    assert.deepEqual((await sessionOf(id)).command.slice(4), args);
  });

  it("ends gently: a program that minds SIGTERM may tidy up, and is DONE whatever its exit code", async () => {
    const { id } = await shell("trap 'echo tidied; exit 9' TERM; echo ready; while :; do sleep 0.05; done");
    await until(async () => (await outputOf(id)).includes("ready"), "the program to be ready");
    const { session } = await gateway.client.call("endSession", { id, body: {} });
    assert.deepEqual([session.state, session.exitCode], ["DONE", 9]);
    assert.match(await outputOf(id), /tidied/);
  });

  it("ends by force what will not end gently", async () => {
    const { id } = await shell("trap '' TERM HUP; echo ready; while :; do sleep 0.05; done");
    await until(async () => (await outputOf(id)).includes("ready"), "the program to be ready");
    const { session } = await gateway.client.call("endSession", { id, body: {} });
    assert.deepEqual([session.state, session.exitSignal], ["DONE", "SIGKILL"]);
  });

  it("ends an interactive shell, which ignores SIGTERM, by hanging up", async () => {
    const { id } = await gateway.createSession({ args: ["sh", "-i"] });
    await gateway.untilState(id, "RUNNING", "IDLE");
    const { session } = await gateway.client.call("endSession", { id, body: {} });
    assert.equal(session.state, "DONE");
  });

  it("refuses to end what has ended and to remove what lives, and removes what has ended", async () => {
    const { id } = await shell("read answer");
    await gateway.untilState(id, "RUNNING");
    await assert.rejects(gateway.client.call("removeSession", { id }), { code: "session-live" });
    await gateway.client.call("endSession", { id, body: {} });
    await assert.rejects(gateway.client.call("endSession", { id, body: {} }), { code: "session-ended" });
    await gateway.client.call("removeSession", { id });
    await assert.rejects(sessionOf(id), { code: "session-not-found" });
    await until(() => gateway.model().sessions.size === 0, "the other client to hear of it");
  });

  it("follows what a program says of itself with OSC 7501", async () => {
    const { id } = await shell(
      String.raw`say() { printf '\033]7501;state=%s:app=tester\007' "$1"; read go; }; say working; say blocked; say idle`,
    );
    const view = viewSession(gateway.client, id);
    for (const state of ["RUNNING", "WAITING_USER", "IDLE"] as const) {
      const session = await gateway.untilState(id, state);
      if (state !== "RUNNING") assert.equal(session.reason.source, "program-status");
      await until(() => gateway.model().sessions.get(id)?.reason.source === "program-status", "it to say so");
      view.type("\n");
    }
    await gateway.untilState(id, "DONE");
    view[Symbol.dispose]();
  });

  it("goes on when the gateway is killed: all processes live, the tree is whole, nothing acknowledged is missing", async () => {
    const made = await Promise.all(
      [1, 2, 3].map((n) => shell(`echo session ${n}; while read line; do echo "got $line"; done`)),
    );
    const before = await Promise.all(made.map(({ id }) => gateway.untilState(id, "RUNNING")));
    const views = made.map(({ id }) => viewSession(gateway.client, id));
    for (const [index, view] of views.entries()) await view.screen.untilShows(`session ${index + 1}`);
    await gateway.client.call("upsertTask", {
      body: { project: { repoPath: gateway.home.root }, task: { id: "last", agent: "custom" } },
    });
    await gateway.crash();
    for (const { pid } of before) assert.ok(pid !== null && isRunning(pid));
    await gateway.restart();
    for (const session of before) assert.deepEqual(await sessionOf(session.id), session);
    assert.ok((await gateway.client.call("snapshot", {})).tasks.some(({ id }) => id === "last"));
    for (const [index, view] of views.entries()) {
      view.type(`hello ${index}\n`);
      await view.screen.untilShows(`got hello ${index}`);
      view[Symbol.dispose]();
    }
  });

  it("does not start a gateway again that was stopped on purpose, and shows the session when one runs again", async () => {
    const { id } = await shell("echo here; read line; echo got $line; read line");
    const client = new GatewayClient(
      () => ensureGateway({ home: gateway.home, env: gateway.env, folder: repositoryRoot }),
      (signal) => untilGatewayRuns({ home: gateway.home, env: gateway.env, folder: repositoryRoot }, signal),
    );
    const view = viewSession(client, id);
    await view.screen.untilShows("here");
    const { pid } = gateway;
    await gateway.client.call("stopGateway", {});
    await until(() => !isRunning(pid), "the gateway to stop");
    await until(() => gateway.connection() === "stopped", "the event stream to know that it was stopped");
    assert.equal(await readGatewayFile(gateway.home), null);
    await gateway.restart();
    view.type("back\n");
    await view.screen.untilShows("got back");
    view[Symbol.dispose]();
    client.dispose();
  });

  it("learns how a session ended while no gateway ran", async () => {
    const { id } = await shell("while [ ! -e stop ]; do sleep 0.02; done; echo stopped; exit 5");
    const { pid } = await gateway.untilState(id, "RUNNING");
    await gateway.crash();
    spawn("touch", [join(gateway.home.root, "stop")]);
    await until(() => !isRunning(pid ?? 0), "the program to end");
    await gateway.restart();
    const session = await gateway.untilState(id, "ERROR");
    assert.equal(session.exitCode, 5);
    assert.match(await outputOf(id), /stopped/);
  });

  it("says process-lost of sessions whose pty host was killed, and starts new ones in another", async () => {
    const { id } = await shell("read answer");
    await gateway.untilState(id, "RUNNING");
    const [host] = await ptyHostPids(gateway.home);
    assert.ok(host);
    process.kill(host, "SIGKILL");
    assert.match((await gateway.untilState(id, "ERROR")).reason.text, /^process-lost/);
    const next = await shell("exit 0");
    await gateway.untilState(next.id, "DONE");
  });

  it("can be looked at as soon as all know that it goes on, while a pty host for its terminal is still being started", async () => {
    const { id } = await gateway.createSession({ agent: "demo", args: [] });
    await gateway.client.call("endSession", { id, body: { force: true } });
    for (const host of await ptyHostPids(gateway.home)) process.kill(host, "SIGKILL");
    await until(async () => (await gateway.client.call("health", {})).ptyHosts.length === 0, "the pty host to be gone");
    const resumed = gateway.client.call("resumeSession", { id, body: { env: gateway.env } });
    await until(() => gateway.model().sessions.get(id)?.endedAt === null, "all to know that it goes on");
    using view = viewSession(gateway.client, id);
    await view.screen.untilShows("Say anything.");
    await resumed;
  });

  it("is not lost while its pty host hangs, and a gateway that starts meanwhile serves everything else", async () => {
    const { id } = await shell("read answer; exit 7");
    await gateway.untilState(id, "RUNNING");
    const [host] = await ptyHostPids(gateway.home);
    assert.ok(host);
    process.kill(host, "SIGSTOP");
    await gateway.crash();
    await gateway.restart();
    assert.equal((await sessionOf(id)).endedAt, null);
    await assert.rejects(outputOf(id), { code: "pty-host-unavailable" });
    process.kill(host, "SIGCONT");
    const view = viewSession(gateway.client, id);
    await until(
      async () => (await gateway.client.call("health", {})).ptyHosts.length === 1,
      "the host to be found again",
    );
    await until(
      () =>
        outputOf(id).then(
          () => true,
          () => false,
        ),
      "its terminal to be reachable",
    );
    view[Symbol.dispose]();
    const last = viewSession(gateway.client, id);
    last.type("\n");
    assert.equal((await last.exited).exitCode, 7);
    last[Symbol.dispose]();
  });

  it("is ended by the next gateway when the one that was asked to stopped before it came", async () => {
    const { id } = await shell("trap '' TERM HUP; echo ready; while :; do sleep 0.05; done");
    await until(async () => (await outputOf(id)).includes("ready"), "the program to be ready");
    const asked = gateway.client.call("endSession", { id, body: {} }).catch(() => undefined);
    await until(() => gateway.store((store) => store.session(id)?.endRequested === true), "the request to be stored");
    await gateway.crash();
    await asked;
    await gateway.restart();
    assert.equal((await gateway.untilState(id, "DONE")).exitSignal, "SIGKILL");
  });

  it("that is nested in another does not take that one's task, although it inherits TL_TASK_ID", async () => {
    const context = { taskId: "wrapper-task" };
    const outer = await gateway.createSession({ args: ["sh", "-c", "read answer"], context });
    const inner = await gateway.createSession({ args: ["sh", "-c", "exit 0"], context });
    assert.equal(outer.rootTaskId, "wrapper-task");
    assert.notEqual(inner.rootTaskId, "wrapper-task");
    await gateway.untilState(inner.id, "DONE");
    assert.equal(gateway.model().tasks.get("wrapper-task")?.sessionId, outer.id);
    await gateway.client.call("endSession", { id: outer.id, body: {} });
    const again = await gateway.createSession({ args: ["sh", "-c", "exit 0"], context });
    assert.equal(again.rootTaskId, "wrapper-task");
  });

  it("in a terminal cannot be declared ended by a client", async () => {
    const { id } = await shell("read answer");
    const end = { id, body: { exitCode: 0, signal: null } };
    await assert.rejects(gateway.client.call("sessionExited", end), { code: "invalid-request" });
    await assert.rejects(gateway.client.call("sessionStarted", { id, body: { pid: 1 } }), { code: "invalid-request" });
    assert.equal((await sessionOf(id)).endedAt, null);
  });

  it("is found by the name of the linked worktree that it runs in", async () => {
    const repo = await tempRepo("shop");
    const linked = join(repo.parent, "cart-fix");
    await git(repo.path, "worktree", "add", "-q", "-b", "cart", linked);
    const { id } = await gateway.createSession({ args: ["sh", "-c", "read answer"], cwd: linked });
    const found = await gateway.client.call("resolveSession", { query: { ref: "cart-fix" } });
    assert.equal(found.session.id, id);
    await repo.dispose();
  });

  describe("in their caller's own pipes", () => {
    const inPipes = async () => {
      const { session, launch } = await gateway.client.call("createSession", {
        body: { agent: "command", args: ["sleep", "60"], cwd: gateway.home.root, env: gateway.env, mode: "pipes" },
      });
      assert.ok(launch);
      return { id: session.id, launch };
    };
    const spawned = async () => {
      const { id, launch } = await inPipes();
      const child = execFile(launch.file, launch.args);
      await gateway.client.call("sessionStarted", { id, body: { pid: child.pid ?? 0 } });
      return { id, child };
    };

    it("get a plan of what to spawn, and are followed by what the caller reports", async () => {
      const { id, launch } = await inPipes();
      assert.match(launch.file, /\/sleep$/);
      assert.deepEqual([launch.args, launch.env], [["60"], { TALLY_SESSION_ID: id }]);
      await gateway.client.call("sessionStarted", { id, body: { pid: process.pid } });
      await gateway.untilState(id, "RUNNING");
      await gateway.client.call("sessionExited", { id, body: { exitCode: 4, signal: null } });
      assert.equal((await gateway.untilState(id, "ERROR")).exitCode, 4);
    });

    it("can be ended from elsewhere", async () => {
      const { id, child } = await spawned();
      child.once("exit", (exitCode, signal) => {
        void gateway.client.call("sessionExited", { id, body: { exitCode, signal } });
      });
      const { session } = await gateway.client.call("endSession", { id, body: {} });
      assert.deepEqual([session.state, session.exitSignal], ["DONE", "SIGTERM"]);
    });

    it("are process-lost when both the caller and the program are gone", async () => {
      const { id, child } = await spawned();
      child.kill("SIGKILL");
      assert.match((await gateway.untilState(id, "ERROR")).reason.text, /^process-lost/);
    });

    it("never signal another process that has their id by now", async () => {
      const { id, child } = await spawned();
      await gateway.crash();
      const other = execFile("sleep", ["60"]);
      // As after a reboot: the number is taken, by a process that started at another time.
      gateway.database("UPDATE sessions SET pid = ? WHERE id = ?", other.pid ?? 0, id);
      await gateway.restart();
      assert.match((await sessionOf(id)).reason.text, /^process-lost/);
      await assert.rejects(gateway.client.call("endSession", { id, body: {} }), { code: "session-ended" });
      assert.equal(other.exitCode, null);
      assert.equal(other.signalCode, null);
      other.kill();
      child.kill();
    });

    it("cannot be attached to", async () => {
      const { id, child } = await spawned();
      await assert.rejects(viewSession(gateway.client, id).exited, { code: "not-attachable" });
      await assert.rejects(outputOf(id), { code: "not-attachable" });
      child.kill();
    });
  });
});
