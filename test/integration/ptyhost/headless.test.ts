import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { statFields } from "../../../src/protocol/proc-stat.ts";
import type { PtyHostParams } from "../../../src/protocol/ptyhost.ts";
import { isRunning } from "../../support/gateway.ts";
import { openHostSocket, startTestPtyHost, type TestPtyHost } from "../../support/ptyhost.ts";
import { until, untilDefined } from "../../support/until.ts";

const onLinux = function (this: Mocha.Context) {
  if (process.platform !== "linux") this.skip();
};

const filesIn = (folder: string) => ({
  stdin: join(folder, "stdin"),
  stdout: join(folder, "stdout"),
  stderr: join(folder, "stderr"),
});

/** Whether it does nothing more, be it that nobody has taken notice yet. Linux only. */
function hasEnded(pid: number): boolean {
  try {
    return statFields(readFileSync(`/proc/${pid}/stat`, "latin1"))[0] === "Z";
  } catch {
    return true;
  }
}

describe("a program without a terminal", () => {
  let host: TestPtyHost;
  let folder: string;
  let runs = 0;
  before(async () => (host = await startTestPtyHost()));
  after(() => host.dispose());
  beforeEach(() => {
    folder = join(host.home.root, `run-${(runs += 1)}`);
    mkdirSync(folder);
    writeFileSync(files().stdin, "");
  });

  const files = () => filesIn(folder);
  const ptyId = () => `run-${runs}`;
  const start = (script: string, overrides: Partial<PtyHostParams<"create">> = {}) =>
    host.createShell(script, { ptyId: ptyId(), cwd: folder, files: files(), ...overrides });
  const exited = () => host.control.exited(ptyId());
  const end = (graceMs: number) => host.control.call("end", { ptyId: ptyId(), graceMs });
  const written = (file: string) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : "");
  /** The number that a script has written into this file. */
  const pidIn = (file: string) =>
    untilDefined(() => Number(/^(\d+)\n/.exec(written(file))?.[1]) || undefined, `a process id in ${file}`);

  it("reads one file and writes two, which are its owner's alone", async () => {
    writeFileSync(files().stdin, "what to do");
    await start("cat; echo done; echo oh dear >&2");
    await exited();
    assert.deepEqual([written("stdout"), written("stderr")], ["what to dodone\n", "oh dear\n"]);
    assert.deepEqual(
      [files().stdout, files().stderr].map((path) => statSync(path).mode & 0o777),
      [0o600, 0o600],
    );
  });

  it("is running once it is created, and tells its exit code", async () => {
    const { phase, pid } = await start("exit 7");
    assert.ok(phase !== "pending" && pid);
    const info = await exited();
    assert.deepEqual([info.phase, info.exitCode, info.signal, info.pid], ["exited", 7, null, pid]);
    assert.ok(info.exitedAt);
  });

  it("tells the signal that ended it", async () => {
    await start("exec sleep 1000");
    await host.control.call("signal", { ptyId: ptyId(), signal: "SIGINT" });
    const { exitCode, signal } = await exited();
    assert.deepEqual([exitCode, signal], [null, "SIGINT"]);
  });

  it("gets the environment that it was given, its own mark, and no terminal", async () => {
    await start("env; test -t 0 || test -t 1 || echo no terminal", { env: { PATH: "/usr/bin:/bin", GIVEN: "1" } });
    await exited();
    assert.deepEqual(
      written("stdout")
        .split("\n")
        .filter((line) => /^(PATH|GIVEN|TALLY_\w+|TERM|COLORTERM)=/.test(line) || line === "no terminal")
        .sort(),
      ["GIVEN=1", "PATH=/usr/bin:/bin", `TALLY_RUN_ID=${ptyId()}`, "no terminal"],
    );
  });

  it("is remembered until it is forgotten", async () => {
    await start("exit 3");
    await exited();
    const later = await host.connectControl();
    const known = (await later.call("hello", { protocol: 3 })).ptys.find((pty) => pty.ptyId === ptyId());
    assert.equal(known?.exitCode, 3);
    await later.call("forget", { ptyId: ptyId() });
    assert.ok(!(await later.call("hello", { protocol: 3 })).ptys.some((pty) => pty.ptyId === ptyId()));
    later.close();
  });

  describe("that cannot be started", () => {
    it("is refused when it is not there", async () => {
      await assert.rejects(start("", { file: "/nowhere/agent" }), /spawn-failed: \/nowhere\/agent does not exist/);
    });

    it("is refused when its folder is not there", async () => {
      await assert.rejects(start("", { cwd: join(folder, "gone") }), /spawn-failed: .*gone does not exist/);
    });

    it("is refused when only the system finds out, and can be created again", async () => {
      const script = join(folder, "script");
      writeFileSync(script, "#!/nowhere/interpreter\n", { mode: 0o755 });
      await assert.rejects(start("", { file: script }), /spawn-failed: .*could not be started/);
      await start("exit 0");
      assert.equal((await exited()).exitCode, 0);
    });

    it("is refused when what it is to read is not there", async () => {
      const gone = { ...files(), stdin: join(folder, "gone") };
      await assert.rejects(start("exit 0", { files: gone }), /spawn-failed: .*ENOENT.*gone/);
    });
  });

  describe("whose files are not what they should be", () => {
    it("does not follow a link where it is to write", async () => {
      const precious = join(folder, "precious");
      writeFileSync(precious, "kept");
      symlinkSync(precious, files().stdout);
      await start("echo written");
      await exited();
      assert.deepEqual([written("precious"), written("stdout")], ["kept", "written\n"]);
    });

    it("does not follow a link where it is to read", async () => {
      writeFileSync(join(folder, "secret"), "secret");
      const linked = { ...files(), stdin: join(folder, "linked") };
      symlinkSync(join(folder, "secret"), linked.stdin);
      await assert.rejects(start("cat", { files: linked }), /spawn-failed/);
    });

    it("is not waited for by a pipe where it is to read", async () => {
      await host.control.exited((await host.createShell(`mkfifo ${folder}/pipe`)).ptyId);
      await assert.rejects(start("cat", { files: { ...files(), stdin: join(folder, "pipe") } }), /is not a file/);
    });
  });

  describe("has nothing that only terminals have:", () => {
    beforeEach(async () => {
      await start("exec sleep 1000");
    });
    afterEach(() => end(0));

    it("no other program takes its place", async () => {
      await assert.rejects(host.replaceWithShell(ptyId(), 2, "exit 0"), /invalid-request: .*no terminal/);
    });

    it("its screen is empty", async () => {
      const { data } = await host.control.call("output", { ptyId: ptyId(), format: "ansi" });
      const { text } = await host.control.call("screen", { ptyId: ptyId() });
      assert.deepEqual([data, text], ["", ""]);
    });

    it("no viewer can attach", async () => {
      await assert.rejects(openHostSocket(host.file, `/ptys/${ptyId()}/terminal`), /404/);
    });
  });

  describe("that is ended", () => {
    before(onLinux);

    /** Starts what writes its process id into `job` and does not listen, in a session of its own. */
    const stubborn = `sh -c 'trap "" HUP INT TERM; echo $$ > job; while :; do sleep 1000; done'`;

    it("may clean up first", async () => {
      await start(`trap 'echo cleaned; exit 4' TERM; echo $$ > own; while :; do sleep 0.01; done`);
      await pidIn("own");
      assert.equal((await end(60_000)).exitCode, 4);
      assert.equal(written("stdout"), "cleaned\n");
    });

    it("is made to when it does not listen", async () => {
      await start(`trap '' TERM; echo $$ > own; while :; do sleep 1000; done`);
      await pidIn("own");
      assert.equal((await end(100)).signal, "SIGKILL");
    });

    it("takes along a tool in a session of its own", async () => {
      await start(`setsid ${stubborn} & wait`);
      const job = await pidIn("job");
      await end(100);
      assert.ok(hasEnded(job));
    });

    it("takes along what has lost its parent", async () => {
      await start(`(setsid ${stubborn} &) ; exec sleep 1000`);
      const job = await pidIn("job");
      await end(100);
      assert.ok(hasEnded(job));
    });

    it("takes along what has dropped its environment, as long as its parents live", async () => {
      await start(`env -i PATH="$PATH" setsid ${stubborn} & wait`);
      const job = await pidIn("job");
      await end(100);
      assert.ok(hasEnded(job));
    });

    it("takes that along after it has exited itself", async () => {
      await start(`(setsid ${stubborn} &) ; while ! test -s job; do sleep 0.01; done`);
      const job = await pidIn("job");
      await exited();
      assert.ok(isRunning(job));
      await end(100);
      assert.ok(hasEnded(job));
    });

    it("leaves alone what a pty of the same host runs, though that was started with its mark", async () => {
      const env = { PATH: process.env["PATH"] ?? "", TALLY_RUN_ID: ptyId() };
      const pty = await host.createShell(`test -z "$TALLY_RUN_ID" && exec sleep 1000`, { env });
      await start("exec sleep 1000");
      await end(100);
      assert.ok(isRunning(pty.pid ?? 0));
      await host.control.call("end", { ptyId: pty.ptyId, graceMs: 0 });
    });
  });
});

describe("a host of a program without a terminal", () => {
  it("stays as long as that runs, and no longer once its exit is known", async () => {
    const host = await startTestPtyHost({ graceMs: 1_500 });
    const files = filesIn(host.home.root);
    writeFileSync(files.stdin, "");
    await host.createShell("sleep 4; echo outlasted", { ptyId: "run-1", files });
    host.control.close();
    await until(() => readFileSync(files.stdout, "utf8") === "outlasted\n", "the program to outlast the grace");
    const next = await host.connectControl();
    await until(async () => (await next.call("hello", { protocol: 3 })).ptys[0]?.phase === "exited", "the exit");
    await next.call("forget", { ptyId: "run-1" });
    next.close();
    await until(() => host.child.exitCode === 0, "the end of the host");
    await host.dispose();
  });

  it("takes it along, and what it started, when it is ended itself", async function () {
    if (process.platform !== "linux") this.skip();
    const host = await startTestPtyHost();
    const files = filesIn(host.home.root);
    writeFileSync(files.stdin, "");
    const script = `setsid sh -c 'trap "" HUP TERM; echo $$; while :; do sleep 1000; done' & trap "" HUP TERM; wait; exec sleep 1000`;
    await host.createShell(script, { ptyId: "run-1", files });
    const tool = await untilDefined(
      () => Number(readFileSync(files.stdout, "utf8")) || undefined,
      "the tool's process id",
    );
    await host.dispose();
    assert.ok(hasEnded(tool));
  });
});
