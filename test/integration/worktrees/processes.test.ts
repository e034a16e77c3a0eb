import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { isRunning } from "../../support/gateway.ts";
import { TestViewer } from "../../support/ptyhost.ts";
import { until } from "../../support/until.ts";
import { TestProcesses } from "../../support/worktree-processes.ts";

const server = `${process.execPath} server.cjs`;

describe("the processes of a worktree", function () {
  if (process.platform === "win32") return;
  let shop: TestProcesses;
  beforeEach(async () => {
    shop = await TestProcesses.start();
  });
  afterEach(() => shop.dispose());

  const idOf = (name: string) => shop.named(name).id;
  const livingServers = async () => (await shop.serverPids()).filter(isRunning);
  /** What was killed is seen until the system has taken notice. */
  const untilNoneLives = () => until(async () => (await livingServers()).length === 0, "the end of all it started");

  describe("started", () => {
    it("are STARTING until their port answers", async () => {
      const started = await shop.start("backend", server);
      assert.equal(started.state, "STARTING");
      const running = await shop.untilState("backend", "RUNNING");
      assert.equal(running.reason, `It answers on port ${shop.port}.`);
    });

    it("are RUNNING at once where they have no port", async () => {
      const { state, reason, isListening } = await shop.start("worker", "exec sleep 1000");
      assert.deepEqual([state, reason, isListening], ["RUNNING", "It runs.", null]);
    });

    it("find where they are in their environment, and nothing of the session that started them", async () => {
      shop.describe({
        processes: { show: { run: "env | sort", env: { API: "http://localhost:${TALLY_PORT_BACKEND}" } } },
      });
      await shop.processes.start(idOf("show"), { ...shop.env, TALLY_SESSION_ID: "s", TALLY_PORT_OTHER: "1" });
      await shop.untilState("show", "DONE");
      const lines = (await shop.output("show")).split("\n").filter((line) => /^(API|TALLY_(?!HOME|.*_MS))/.test(line));
      assert.deepEqual(lines, [
        `API=http://localhost:${shop.port}`,
        `TALLY_MAIN_PATH=${join(shop.worktree.path, "..", "shop")}`,
        `TALLY_PORT_BACKEND=${shop.port}`,
        "TALLY_WORKTREE=feature-payment",
        `TALLY_WORKTREE_PATH=${shop.worktree.path}`,
      ]);
    });

    it("have a prelude that the person defined in their shell's own files", async () => {
      await writeFile(
        join(shop.homeFolder, ".bashrc"),
        "case $- in *i*) ;; *) return;; esac\nworkon() { export VENV=$1; }\n",
      );
      shop.describe({ prelude: "workon shop &&", processes: { show: 'echo "in $VENV"' } });
      await shop.processes.start(idOf("show"), shop.env);
      await shop.untilState("show", "DONE");
      assert.match(await shop.output("show"), /^in shop$/m);
    });

    it("run in the folder that tally.json says", async () => {
      await mkdir(join(shop.worktree.path, "backend"));
      await shop.start("show", "pwd", { cwd: "backend" });
      await shop.untilState("show", "DONE");
      assert.match(await shop.output("show"), /\/backend$/m);
    });

    it("are in ERROR with the reason when their folder is not there", async () => {
      const { state, reason } = await shop.start("show", "pwd", { cwd: "gone" });
      assert.deepEqual(
        [state, /^It could not be started: .*gone does not exist\.$/.test(reason)],
        ["ERROR", true],
        reason,
      );
    });

    it("are refused while they run", async () => {
      await shop.start("worker", "exec sleep 1000");
      await assert.rejects(shop.processes.start(idOf("worker"), shop.env), { code: "process-running" });
    });

    it("are not started while another program has their port, which is named", async () => {
      const other = createServer().listen(shop.port, "127.0.0.1");
      await once(other, "listening");
      const { state, reason } = await shop.start("backend", server);
      other.close();
      const who = process.platform === "linux" ? `\\S+ \\(process ${process.pid}\\)` : "another program";
      assert.match(`${state}: ${reason}`, new RegExp(`^ERROR: Port ${shop.port} is taken by ${who}\\. End that`));
    });
  });

  describe("that end", () => {
    it("by themselves are DONE with exit code 0, and in ERROR with another", async () => {
      await shop.start("good", "exit 0");
      assert.equal((await shop.untilState("good", "DONE")).exitCode, 0);
      await shop.start("bad", "exit 3");
      assert.equal((await shop.untilState("bad", "ERROR")).reason, "It ended with exit code 3.");
    });

    it("by kill -9 are in ERROR with that as the reason", async () => {
      const { pid } = await shop.start("worker", "exec sleep 1000");
      process.kill(pid ?? 0, "SIGKILL");
      assert.equal((await shop.untilState("worker", "ERROR")).reason, "It was ended by SIGKILL.");
    });

    it("keep what they wrote last", async () => {
      await shop.start("bad", "echo no such database; exit 3");
      await shop.untilState("bad", "ERROR");
      assert.match(await shop.output("bad"), /no such database/);
    });

    it("with their host are in ERROR, and can be started again", async () => {
      await shop.start("worker", "exec sleep 1000");
      process.kill((await shop.hostFile()).pid, "SIGKILL");
      await shop.untilReason("worker", /ended with the process that held its terminal/);
      assert.equal((await shop.processes.start(idOf("worker"), shop.env)).state, "RUNNING");
    });
  });

  it("are in ERROR where the gateway before had written that it starts them, and had not", async () => {
    shop.describe({ processes: { worker: "exec sleep 1000" } });
    const written = { ...shop.named("worker"), state: "STARTING", startedAt: 1 } as const;
    shop.store.change((transaction) => transaction.putProcess(written));
    await shop.replaceGateway();
    assert.equal(shop.named("worker").state, "ERROR");
    assert.equal((await shop.processes.start(idOf("worker"), shop.env)).state, "RUNNING");
  });

  it("are asked to end once only: asked twice, some end at once", async () => {
    await shop.start("worker", `trap 'echo asked' TERM; echo ready; until [ -e go ]; do sleep 1000 & wait; done`);
    await shop.untilOutput("worker", "ready");
    await writeFile(join(shop.worktree.path, "go"), "");
    await shop.processes.stop(idOf("worker"), false);
    assert.equal((await shop.output("worker")).match(/^asked$/gm)?.length, 1);
  });

  describe("stopped", () => {
    it("are STOPPED once they have ended, whatever their exit code", async () => {
      await shop.start("backend", server);
      await shop.untilState("backend", "RUNNING");
      const { state, reason, pid } = await shop.processes.stop(idOf("backend"), false);
      assert.deepEqual([state, reason, pid], ["STOPPED", "You stopped it.", null]);
      assert.deepEqual(await livingServers(), []);
    });

    it("leave nothing behind that ignores being asked, in the foreground or in the background", async () => {
      const stubborn = "sh -c 'trap \"\" HUP TERM; echo $$ >> pids; while :; do sleep 1000; done'";
      await shop.start("worker", `${stubborn} & set -m; ${stubborn} & ${stubborn}`);
      await until(async () => (await shop.serverPids()).length === 3, "all three of them");
      await shop.processes.stop(idOf("worker"), false);
      await untilNoneLives();
    });

    it("leave nothing behind of a line that would go on with its next command", async () => {
      shop.describe({ prelude: "true &&", processes: { backend: `${server}; ${server}` } });
      await shop.processes.start(idOf("backend"), shop.env);
      await shop.untilState("backend", "RUNNING");
      await shop.processes.stop(idOf("backend"), false);
      assert.deepEqual([await livingServers(), (await shop.serverPids()).length], [[], 1]);
    });

    it("are ended at once when that is forced", async () => {
      await shop.start("worker", 'trap "" TERM; echo ready; sleep 1000; sleep 1000');
      await shop.untilOutput("worker", "ready");
      assert.equal((await shop.processes.stop(idOf("worker"), true)).exitSignal, "SIGKILL");
    });

    it("may be stopped again", async () => {
      await shop.start("worker", "exec sleep 1000");
      await shop.processes.stop(idOf("worker"), false);
      assert.equal((await shop.processes.stop(idOf("worker"), false)).state, "STOPPED");
    });
  });

  describe("started anew", () => {
    it("ten times in a row are one process, on the same port", async () => {
      await shop.start("backend", server);
      await shop.untilState("backend", "RUNNING");
      for (let times = 0; times < 10; times++) await shop.processes.restart(idOf("backend"), shop.env);
      const { pid } = await shop.untilState("backend", "RUNNING");
      assert.deepEqual(await livingServers(), [pid]);
    });

    it("go on in the same terminal, before both of two windows", async () => {
      await shop.start("show", "echo first; exec sleep 1000");
      const viewers = await Promise.all([1, 2].map(async () => TestViewer.attach(await shop.hostFile(), idOf("show"))));
      shop.describe({ processes: { show: "echo second; exec sleep 1000" } });
      await shop.processes.restart(idOf("show"), shop.env);
      for (const viewer of viewers) await viewer.untilText("second");
      assert.match(await shop.output("show"), /first\s+second/);
      for (const viewer of viewers) viewer.close();
    });

    it("after they had ended show what was there before", async () => {
      await shop.start("show", "echo once more");
      await shop.untilState("show", "DONE");
      await shop.processes.start(idOf("show"), shop.env);
      await until(async () => (await shop.output("show")).split("once more").length === 3, "it twice");
    });

    it("after they had ended find nothing of theirs that ran on", async function () {
      if (process.platform !== "linux") this.skip();
      await shop.start("backend", `(trap "" HUP; exec ${server}) & until [ -s pids ]; do :; done`);
      await shop.untilState("backend", "DONE");
      await shop.start("backend", server);
      await shop.untilState("backend", "RUNNING");
      const [first = 0] = await shop.serverPids();
      await until(() => !isRunning(first), "the end of the one before");
    });

    it("have nothing of what tally.json said before", async () => {
      await shop.start("show", "echo debug: $DEBUG", { env: { DEBUG: "yes" } });
      await shop.untilState("show", "DONE");
      await shop.start("show", "echo now: $DEBUG.");
      await shop.untilOutput("show", "now: .");
    });

    it("run on when what is to take their place cannot be started", async () => {
      const { pid } = await shop.start("worker", "exec sleep 1000");
      shop.describe({ processes: { worker: { run: "exec sleep 1000", cwd: "gone" } } });
      await assert.rejects(shop.processes.restart(idOf("worker"), shop.env), { code: "spawn-failed" });
      assert.deepEqual([shop.named("worker").state, shop.named("worker").pid], ["RUNNING", pid]);
    });
  });

  describe("with another gateway", () => {
    it("are found again, with state and port", async () => {
      await shop.start("backend", server);
      const before = await shop.untilState("backend", "RUNNING");
      await shop.replaceGateway();
      assert.deepEqual(shop.named("backend"), before);
    });

    it("have ended as they did while none ran", async () => {
      const { pid } = await shop.start("worker", "exec sleep 1000");
      await shop.replaceGateway(() => void process.kill(pid ?? 0, "SIGTERM"));
      assert.equal((await shop.untilState("worker", "ERROR")).reason, "It was ended by SIGTERM.");
    });

    it("have the environment that they were first given, where none is given", async () => {
      shop.describe({ processes: { show: "echo secret: $SECRET" } });
      await shop.processes.start(idOf("show"), { ...shop.env, SECRET: "42" });
      await shop.untilState("show", "DONE");
      await shop.replaceGateway();
      await shop.processes.restart(idOf("show"), null);
      await until(async () => (await shop.output("show")).split("secret: 42").length === 3, "the secret twice");
    });

    it("are not known while their host does not answer, and known once it does", async () => {
      await shop.start("backend", server);
      await shop.untilState("backend", "RUNNING");
      const { pid } = await shop.hostFile();
      await shop.replaceGateway(() => void process.kill(pid, "SIGSTOP"));
      try {
        await shop.untilReason("backend", /^unknown, because/);
      } finally {
        process.kill(pid, "SIGCONT");
      }
      await shop.untilReason("backend", /^It answers on port/);
    });
  });

  it("that no process is known for are ended, and forgotten", async () => {
    const { id, pid } = await shop.start("worker", "exec sleep 1000");
    shop.store.change((transaction) => transaction.removeProcess(id));
    await shop.replaceGateway();
    await until(() => !isRunning(pid ?? 0), "its end");
    await until(async () => {
      const host = await shop.hostFile();
      return TestViewer.attach(host, id).then(
        (viewer) => (viewer.close(), false),
        () => true,
      );
    }, "its terminal to go");
  });

  describe("resumed", () => {
    const outcomes = async () =>
      (await shop.processes.resume(shop.worktree.id, shop.env)).map(
        ({ process: { name }, outcome }) => `${name} ${outcome}`,
      );

    it("are those that are to run and do not, however often", async () => {
      const run = "exec sleep 1000";
      shop.describe({ processes: { a: run, b: run, byHand: { run, autostart: false } } });
      assert.deepEqual(await outcomes(), ["a started", "b started"]);
      await shop.processes.stop(idOf("a"), false);
      await shop.processes.start(idOf("byHand"), shop.env);
      await shop.processes.stopAll(shop.worktree.id);
      assert.deepEqual(await outcomes(), ["b started", "byHand started"]);
      assert.deepEqual(await outcomes(), ["b running", "byHand running"]);
    });

    it("at the same moment twice are started once", async () => {
      shop.describe({ processes: { backend: server } });
      const both = await Promise.all([outcomes(), outcomes()]);
      assert.deepEqual(both.flat().sort(), ["backend running", "backend started"]);
    });
  });

  describe("of another tally.json", () => {
    it("keep their ids by name, and go when they are not named any more", async () => {
      shop.describe({ processes: { a: "a", b: "b" } });
      const { id } = shop.named("a");
      shop.describe({ processes: { a: "other" } });
      assert.deepEqual([shop.named("a").id, shop.named("a").command], [id, "other"]);
      await until(() => shop.store.processes().length === 1, "b to go");
    });

    it("stay as long as they run", async () => {
      await shop.start("worker", "exec sleep 1000");
      const { id } = shop.named("worker");
      shop.describe({ processes: {} });
      assert.equal(shop.named("worker").state, "RUNNING");
      await shop.processes.stop(id, false);
      await until(() => shop.store.processes().length === 0, "worker to go");
    });
  });

  describe("removed", () => {
    it("are ended, and their terminals are gone", async () => {
      await shop.start("backend", server);
      await shop.untilState("backend", "RUNNING");
      const { id } = shop.named("backend");
      await shop.processes.removeAll(shop.worktree.id);
      assert.deepEqual([shop.store.processes(), await livingServers()], [[], []]);
      await assert.rejects(TestViewer.attach(await shop.hostFile(), id));
    });
  });

  describe("that run once", () => {
    const order = { kind: "setup", index: 0, cwd: "", prelude: null, timeoutMs: 60_000, retries: 0 } as const;
    const runOnce = (run: string, more: { timeoutMs?: number; retries?: number; signal?: AbortSignal } = {}) => {
      const { signal = new AbortController().signal, ...given } = more;
      const onProcess = (id: string) => shown.push(id);
      return shop.processes.runOnce(shop.worktree, { ...order, run, ...given }, shop.env, { signal, onProcess });
    };
    let shown: string[] = [];
    beforeEach(() => (shown = []));

    it("are waited for, in a terminal that can be looked at", async () => {
      assert.deepEqual(await runOnce("echo installed"), { ok: true });
      assert.deepEqual([shown, shop.named("setup 1").state], [[idOf("setup 1")], "DONE"]);
      assert.match(await shop.output("setup 1"), /installed/);
    });

    it("say how they failed", async () => {
      assert.deepEqual(await runOnce("exit 4"), { ok: false, why: "It ended with exit code 4." });
    });

    it("are tried again as often as they may be, in the same terminal", async () => {
      const outcome = await runOnce("echo try >> tries; echo tried; [ $(wc -l < tries) = 3 ]", { retries: 2 });
      assert.deepEqual(outcome, { ok: true });
      assert.equal((await shop.output("setup 1")).match(/^tried$/gm)?.length, 3);
    });

    it("are ended when they take too long, with all that they started", async () => {
      const run = `(trap "" HUP TERM; ${server}) & sleep 1000`;
      const { ok, why } = { why: "", ...(await runOnce(run, { timeoutMs: 1_000 })) };
      assert.deepEqual([ok, why], [false, "It took longer than its timeout in tally.json, and was ended."]);
      await untilNoneLives();
    });

    it("are ended when they are cancelled", async () => {
      const abort = new AbortController();
      const outcome = runOnce("exec sleep 1000", { signal: abort.signal, retries: 3 });
      await shop.untilState("setup 1", "RUNNING");
      abort.abort();
      assert.deepEqual(await outcome, { ok: false, why: "It was cancelled." });
    });

    it("are ended when the gateway that waited for them is gone, and can be run again", async () => {
      // Never to be heard of again, as in a gateway that is gone.
      void runOnce("echo $$ >> pids; exec sleep 1000");
      await until(async () => (await shop.serverPids()).length === 1, "it to run");
      await shop.replaceGateway();
      await shop.untilReason("setup 1", /^Tally ended while it ran/);
      await untilNoneLives();
      assert.deepEqual(await runOnce("true"), { ok: true });
    });

    it("cannot be started by hand", async () => {
      await runOnce("true");
      assert.throws(() => shop.processes.start(idOf("setup 1"), shop.env), { code: "invalid-request" });
    });
  });
});
