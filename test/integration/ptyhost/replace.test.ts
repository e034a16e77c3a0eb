import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import xterm from "@xterm/headless";
import type { PtyInfo } from "../../../src/protocol/ptyhost.ts";
import { HIGH_WATER_BYTES } from "../../../src/ptyhost/flow.ts";
import { shellReplacement, startTestPtyHost, type TestPtyHost, type TestViewer } from "../../support/ptyhost.ts";
import { until } from "../../support/until.ts";

describe("a program that replaces another", () => {
  let host: TestPtyHost;
  before(async () => (host = await startTestPtyHost()));
  after(() => host.dispose());

  let names = 0;
  const path = (name: string) => join(host.home.root, `${name}-${++names}`);
  const makeFifo = () => {
    const fifo = path("fifo");
    execFileSync("mkfifo", [fifo]);
    return fifo;
  };
  const textOf = async (ptyId: string) => (await host.control.call("output", { ptyId, format: "text" })).data;
  const untilShows = (ptyId: string, text: string) =>
    until(async () => (await textOf(ptyId)).includes(text), `${text} on the screen`);
  const infoOf = async (ptyId: string) =>
    (await host.control.call("hello", { protocol: 2 })).ptys.find((pty) => pty.ptyId === ptyId);
  const changesOf = (ptyId: string): PtyInfo[] => host.control.changes.filter((pty) => pty.ptyId === ptyId);
  const startWaiting = async (script = "") => {
    const { ptyId, pid } = await host.createShell(`${script} echo ready; read line; echo "got $line"`);
    await untilShows(ptyId, "ready");
    return { ptyId, pid };
  };
  const end = async (ptyId: string) => {
    await host.control.call("signal", { ptyId, signal: "SIGKILL" });
    return host.control.exited(ptyId);
  };
  /** What the viewer shows, which one that comes only now shows as well. */
  const seenAlsoLate = async (ptyId: string, viewer: TestViewer) => {
    const late = await host.attachViewer(ptyId);
    await late.untilMessage("snapshot");
    const [seen, seenLate] = [await shownBy(viewer), await shownBy(late)];
    assert.deepEqual(seenLate, seen);
    return { seen, late };
  };

  it("goes on in the same stream: its viewers see both, and no exit between them", async () => {
    const { ptyId, pid } = await startWaiting();
    const viewer = await host.attachViewer(ptyId);
    await viewer.untilMessage("snapshot");
    const { outcome, pty } = await host.replaceWithShell(ptyId, 2, "echo the second; read line; exit 4");
    assert.equal(outcome, "replaced");
    assert.deepEqual([pty.phase, pty.generation, pty.exitCode, pty.signal], ["running", 2, null, null]);
    assert.notEqual(pty.pid, pid);
    assert.ok(!isRunning(pid));
    await viewer.untilText("the second");
    assert.equal(viewer.closed, null);
    viewer.type("\r");
    assert.equal((await viewer.untilMessage("exit")).exitCode, 4);
    const told = changesOf(ptyId).map(({ phase, generation }) => `${phase} ${generation}`);
    // Output that has come to rest is told, too.
    const steps = told.filter((each, index) => each !== told[index - 1]);
    assert.deepEqual(steps, ["running 1", "running 2", "exited 2"]);
  });

  it("has said nothing of itself yet, whatever the one before did", async () => {
    const { ptyId } = await startWaiting(
      "printf '\\033]0;old\\007\\033]9;4;1;40\\007\\033]7501;state=working\\007\\033]777;notify;a;b\\007\\007';",
    );
    const { pty } = await host.replaceWithShell(ptyId, 2, "read line");
    const { title, progress, notification, bell } = pty.signals;
    assert.deepEqual([pty.status, title, progress, notification, bell], [null, null, null, null, null]);
    await host.replaceWithShell(ptyId, 3, "printf '\\033]0;new\\007'; read line");
    await until(() => host.control.changed.get(ptyId)?.signals.title?.text === "new", "the new title");
    await end(ptyId);
  });

  it("is started once for its generation, however often and by whomever that is asked for", async () => {
    const { ptyId } = await startWaiting();
    const starts = path("starts");
    const other = await host.connectControl();
    const request = shellReplacement(ptyId, 2, `echo start >> ${starts}; echo started; read line`);
    const answers = await Promise.all(
      [host.control, other, host.control, other].map((control) => control.call("replace", request)),
    );
    answers.push(await other.call("replace", { ...request, generation: 1 }));
    answers.push(await other.call("replace", request));
    assert.deepEqual(new Set(answers.map(({ outcome, pty }) => `${outcome} ${pty.generation} ${pty.pid}`)).size, 1);
    await untilShows(ptyId, "started");
    assert.equal(readFileSync(starts, "utf8"), "start\n");
    other.close();
    await end(ptyId);
  });

  it("follows the one that is asked for at the same time before it", async () => {
    const { ptyId } = await startWaiting();
    const [second, third] = await Promise.all([
      host.replaceWithShell(ptyId, 2, "read line"),
      host.replaceWithShell(ptyId, 3, "echo the third; read line"),
    ]);
    assert.deepEqual([second.pty.generation <= 3, third.pty.generation], [true, 3]);
    await untilShows(ptyId, "the third");
    await end(ptyId);
  });

  describe("while the one before is ending", () => {
    /** A program that ends only when somebody writes into `release`. */
    const startSlow = async () => {
      const release = makeFifo();
      const started = await startWaiting(`trap 'echo ending; cat ${release}; exit 0' TERM;`);
      return { ...started, release };
    };

    it("comes all the same when the gateway that asked goes away", async () => {
      const { ptyId, release } = await startSlow();
      const starts = path("starts");
      const request = shellReplacement(ptyId, 2, `echo start >> ${starts}; echo started; read line`);
      const gateway = await host.connectControl();
      gateway.call("replace", request).catch(() => undefined);
      await untilShows(ptyId, "ending");
      gateway.close();
      const again = host.control.call("replace", request);
      await writeFile(release, "");
      assert.equal((await again).pty.generation, 2);
      await untilShows(ptyId, "started");
      assert.equal(readFileSync(starts, "utf8"), "start\n");
      await end(ptyId);
    });

    it("gets nothing of what is typed then", async () => {
      const { ptyId, release } = await startSlow();
      const viewer = await host.attachViewer(ptyId);
      const replaced = host.replaceWithShell(ptyId, 2, 'echo started; read line; echo "got $line"');
      await untilShows(ptyId, "ending");
      viewer.type("lost\r");
      viewer.type("\x1b[?62c");
      viewer.send({ type: "resize", cols: 70, rows: 20 });
      await until(() => viewer.message("size")?.cols === 70, "the frames before it to have come");
      await writeFile(release, "");
      await replaced;
      await viewer.untilText("started");
      viewer.type("kept\r");
      await viewer.untilText("got kept");
      assert.doesNotMatch(viewer.text, /lost/);
    });

    it("never comes when the pty is ended meanwhile, nor later", async () => {
      const { ptyId } = await startSlow();
      const request = shellReplacement(ptyId, 2, "echo started; read line");
      const replaced = host.control.call("replace", request);
      await untilShows(ptyId, "ending");
      await host.control.call("signal", { ptyId, signal: "SIGHUP" });
      assert.deepEqual([(await replaced).pty.phase, (await replaced).pty.generation], ["exited", 2]);
      assert.equal((await host.control.call("replace", request)).pty.phase, "exited");
      assert.doesNotMatch(await textOf(ptyId), /started/);
    });
  });

  it("waits for no program that ignores being asked to end", async () => {
    const { ptyId, pid } = await host.createShell("trap '' TERM HUP; echo ready; while :; do sleep 60; done");
    await untilShows(ptyId, "ready");
    const { pty } = await host.replaceWithShell(ptyId, 2, "echo started; read line", { graceMs: 100 });
    assert.equal(pty.generation, 2);
    assert.ok(!isRunning(pid));
    await end(ptyId);
  });

  it("starts only when nothing of the one before runs any more, although that has exited", async () => {
    const stubborn = 'trap "" TERM HUP; echo child $$ end; while :; do sleep 60; done';
    const { ptyId } = await host.createShell(`sh -c '${stubborn}' & wait`);
    await untilShows(ptyId, " end");
    const child = Number(/child (\d+)/.exec(await textOf(ptyId))?.[1]);
    assert.ok(isRunning(child));
    const look = `grep -q '^State:.[^ZX]' /proc/${child}/status && echo alive || echo gone`;
    await host.replaceWithShell(ptyId, 2, `(${look}) 2>/dev/null; read line`, { graceMs: 300 });
    await untilShows(ptyId, "gone");
    await end(ptyId);
  });

  it("comes after one that was suspended, and is not suspended itself", async () => {
    const { ptyId, pid } = await host.createShell("echo ready; kill -STOP $$; sleep 60");
    await untilShows(ptyId, "ready");
    await until(() => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, "utf8")), "it to be stopped");
    await host.replaceWithShell(ptyId, 2, "echo started; read line");
    await untilShows(ptyId, "started");
    assert.ok(!isRunning(pid));
    await end(ptyId);
  });

  it("finds a terminal without the modes of one that was killed, the same for viewers and those who come later", async () => {
    const modes = "\\033[?1049h\\033[>1u\\033[?1002h\\033[?1006h\\033[?2004h\\033[?1004h\\033[?25l\\033[2;5r\\033[31m";
    const { ptyId } = await host.createShell(
      `echo before; trap '' TERM; printf '${modes}\\033[5;5Hmenu\\033]0;half a title'; while :; do sleep 60; done`,
      { awaitViewerMs: 60_000 },
    );
    const viewer = await host.attachViewer(ptyId);
    await viewer.untilText("half a title");
    await host.replaceWithShell(ptyId, 2, "echo after; read line", { graceMs: 0 });
    await viewer.untilText("after");
    const { seen, late } = await seenAlsoLate(ptyId, viewer);
    assert.deepEqual(seen.modes, (await shownBy(null)).modes);
    assert.deepEqual(seen.rows.slice(0, 3), ["before", "after", ""]);
    late.send({ type: "detach" });
    assert.equal((await late.untilMessage("detached")).restore, "");
    await end(ptyId);
  });

  it("begins a line of its own below one that ended in the middle of a line", async () => {
    const { ptyId } = await host.createShell("printf 'before\\n> '; read line", { awaitViewerMs: 60_000 });
    const viewer = await host.attachViewer(ptyId);
    await viewer.untilText("> ");
    await host.replaceWithShell(ptyId, 2, "echo after; read line", { graceMs: 0 });
    await viewer.untilText("after");
    const { seen } = await seenAlsoLate(ptyId, viewer);
    assert.deepEqual(seen.rows.slice(0, 3), ["before", "> ", "after"]);
    await end(ptyId);
  });

  it("is read from as its viewers keep up, as the one before was", async () => {
    const flood = (bytes: number) => `stty -opost -echo; head -c ${bytes} /dev/zero | tr '\\0' x`;
    const { ptyId } = await host.createShell(`${flood(HIGH_WATER_BYTES + 5000)}; read line`, { awaitViewerMs: 60_000 });
    const viewer = await host.attachViewer(ptyId, { acks: false });
    await until(() => viewer.bytes.length > HIGH_WATER_BYTES, "a viewer that is behind");
    await host.replaceWithShell(ptyId, 2, `${flood(300_000)}; printf 'the end'; read line`);
    viewer.acks = true;
    viewer.send({ type: "ack", bytes: viewer.receivedBytes });
    await viewer.untilText("the end");
    assert.equal(viewer.message("snapshot"), undefined);
    assert.equal(viewer.text.replace(/[^x]/g, "").length, HIGH_WATER_BYTES + 5000 + 300_000);
    await end(ptyId);
  });

  describe("in a held pty", () => {
    const hold = () => host.createShell("echo never", { hold: true });

    it("is the first: until then nothing runs, and whoever attaches stays", async () => {
      const held = await hold();
      assert.deepEqual([held.phase, held.generation, held.pid], ["held", 0, null]);
      const viewer = await host.attachViewer(held.ptyId, { cols: 91, rows: 33 });
      viewer.type("lost\r");
      await assert.rejects(host.control.call("forget", { ptyId: held.ptyId }), /has not exited/);
      const { pty } = await host.replaceWithShell(held.ptyId, 1, "stty size; exit 3");
      assert.deepEqual([pty.phase, pty.generation], ["running", 1]);
      await viewer.untilClosed();
      assert.equal(viewer.text, "33 91\r\n");
      assert.deepEqual(
        viewer.messages.map(({ type }) => type),
        ["size", "exit"],
      );
    });

    it("never starts once that is ended by a signal", async () => {
      const { ptyId } = await hold();
      const viewer = await host.attachViewer(ptyId);
      await host.control.call("signal", { ptyId, signal: "SIGTERM" });
      const { signal, pid, generation } = await host.control.exited(ptyId);
      assert.deepEqual([signal, pid, generation], ["SIGTERM", null, 0]);
      assert.deepEqual(await viewer.untilClosed(), { code: 1000, reason: "exit" });
      await host.control.call("forget", { ptyId });
    });

    it("does not care for what was typed there", async () => {
      const { ptyId } = await hold();
      const viewer = await host.attachViewer(ptyId);
      viewer.type("hello?");
      const { outcome } = await host.replaceWithShell(ptyId, 1, "exit 0", { unlessInputWithinMs: 60_000 });
      assert.equal(outcome, "replaced");
    });
  });

  it("starts instead of one that still waits for its viewer", async () => {
    const { ptyId } = await host.createShell("echo the first", { awaitViewerMs: 60_000 });
    await host.replaceWithShell(ptyId, 1, "echo the second; read line");
    await untilShows(ptyId, "the second");
    assert.doesNotMatch(await textOf(ptyId), /the first/);
    await end(ptyId);
  });

  it("starts after one that has exited, for those who attach from then on", async () => {
    const { ptyId } = await host.createShell("echo the first; exit 7");
    const told = await host.attachViewer(ptyId);
    await told.untilClosed();
    await host.control.exited(ptyId);
    const { pty } = await host.replaceWithShell(ptyId, 2, 'echo the second; read line; echo "got $line"; stty size');
    assert.deepEqual(
      [pty.phase, pty.generation, pty.exitCode, pty.signal, pty.exitedAt, pty.spawnError],
      ["running", 2, null, null, null, null],
    );
    await assert.rejects(host.control.call("forget", { ptyId }), /has not exited/);
    const viewer = await host.attachViewer(ptyId, { cols: 70, rows: 20 });
    await untilShows(ptyId, "the second");
    viewer.type("it\r");
    await viewer.untilClosed();
    assert.match(await textOf(ptyId), /the first\nthe second\n(it\n)?got it\n20 70\n/);
  });

  describe("while the person types", () => {
    it("does not come, and is no less possible later", async () => {
      const { ptyId, pid } = await startWaiting();
      const viewer = await host.attachViewer(ptyId);
      viewer.type("hel");
      await viewer.untilText("hel");
      const careful = { unlessInputWithinMs: 60_000 };
      const { outcome, pty } = await host.replaceWithShell(ptyId, 2, "read line", careful);
      assert.deepEqual([outcome, pty.phase, pty.generation, pty.pid], ["typing", "running", 1, pid]);
      viewer.type("lo\r");
      await viewer.untilText("got hello");
      assert.equal((await host.replaceWithShell(ptyId, 2, "exit 0")).outcome, "replaced");
    });

    it("comes: what a mouse and a terminal report by themselves is no typing", async () => {
      const { ptyId } = await startWaiting("stty -icanon min 1;");
      const viewer = await host.attachViewer(ptyId, { answersQueries: true });
      viewer.type("\x1b[<35;10;5M\x1b[I\x1b[?62c\x1b]11;rgb:0000/0000/0000\x1b\\");
      await viewer.untilText("62c");
      const { outcome } = await host.replaceWithShell(ptyId, 2, "exit 0", { unlessInputWithinMs: 60_000 });
      assert.equal(outcome, "replaced");
    });
  });

  describe("that cannot be started", () => {
    it("ends no program that runs, and its generation is still to come", async () => {
      const { ptyId, pid } = await startWaiting();
      await assert.rejects(
        host.replaceWithShell(ptyId, 2, "", { file: "/no/such/program" }),
        /spawn-failed.*not exist/,
      );
      const info = await infoOf(ptyId);
      assert.deepEqual([info?.phase, info?.generation, info?.pid], ["running", 1, pid]);
      assert.equal((await host.replaceWithShell(ptyId, 2, "exit 0")).pty.generation, 2);
    });

    it("is told as the exit of a held pty", async () => {
      const { ptyId } = await host.createShell("", { hold: true });
      const viewer = await host.attachViewer(ptyId);
      const { pty } = await host.replaceWithShell(ptyId, 1, "", { file: "/no/such/program" });
      assert.deepEqual([pty.phase, pty.generation, pty.pid], ["exited", 1, null]);
      assert.match(pty.spawnError ?? "", /not exist/);
      assert.deepEqual(await viewer.untilClosed(), { code: 1000, reason: "exit" });
    });

    it("says why when only the system finds out", async () => {
      const { ptyId } = await startWaiting();
      const file = path("script");
      writeFileSync(file, "#!/no/such/interpreter\n");
      chmodSync(file, 0o755);
      await host.replaceWithShell(ptyId, 2, "", { file, args: [] });
      const { generation, spawnError } = await host.control.exited(ptyId);
      assert.equal(generation, 2);
      assert.match(spawnError ?? "", /No such file/);
    });
  });

  describe("gets the environment", () => {
    const print = 'printf "%s|%s|%s" "$KEPT" "$CHANGED" "$ADDED"; pwd; read line';
    const firstEnv = { PATH: process.env["PATH"] ?? "", KEPT: "kept", CHANGED: "first" };

    it("of the first one, its own over it, in the same folder", async () => {
      const { ptyId } = await host.createShell("read line", { env: firstEnv });
      await host.replaceWithShell(ptyId, 2, print, { env: { CHANGED: "second", ADDED: "added" } });
      await untilShows(ptyId, `kept|second|added${host.home.root}\n`);
      await host.replaceWithShell(ptyId, 3, `clear; ${print}`);
      await untilShows(ptyId, `kept|first|${host.home.root}\n`);
      assert.deepEqual((await host.control.call("environment", { ptyId })).env, firstEnv);
      await end(ptyId);
      assert.deepEqual((await host.control.call("environment", { ptyId })).env, firstEnv);
    });

    it("that its held pty was created with", async () => {
      const { ptyId } = await host.createShell("", { hold: true, env: firstEnv });
      assert.deepEqual((await host.control.call("environment", { ptyId })).env, firstEnv);
      await host.replaceWithShell(ptyId, 1, print);
      await untilShows(ptyId, "kept|first|");
      await end(ptyId);
    });
  });

  it("is refused where there is no pty", () =>
    assert.rejects(host.replaceWithShell("unknown", 2, "exit 0"), /pty-not-found/));
});

interface Shown {
  readonly rows: readonly string[];
  readonly modes: xterm.IModes;
  readonly cursor: readonly [number, number];
}

/** What a terminal shows after all that the viewer got; a fresh terminal without one. */
async function shownBy(viewer: TestViewer | null): Promise<Shown> {
  const terminal = new xterm.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  for (const part of viewer?.received ?? []) {
    if (Buffer.isBuffer(part)) terminal.write(part);
    else if (part.type === "snapshot") terminal.write(part.data);
  }
  await new Promise<void>((resolve) => terminal.write("", resolve));
  const { active } = terminal.buffer;
  return {
    rows: Array.from({ length: terminal.rows }, (_, y) => active.getLine(y)?.translateToString(true) ?? ""),
    modes: terminal.modes,
    cursor: [active.cursorX, active.cursorY],
  };
}

/** Whether a process runs; one that waits to be reaped does not. */
function isRunning(pid: number | null): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false; // no such process
  }
}
