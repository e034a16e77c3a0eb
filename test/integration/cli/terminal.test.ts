import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "../../../src/protocol/entities.ts";
import { listedSessions, runTally, tally, tallyInTerminal } from "../../support/cli.ts";
import { isRunning, repositoryRoot, testHome, type TestHome } from "../../support/gateway.ts";
import { openTerminal, type Terminal } from "../../support/terminal.ts";
import { until, untilDefined } from "../../support/until.ts";
import { readGatewayFile } from "../../../src/client/discovery.ts";

const DETACH_KEY = "\x1c\x1c";

describe("an agent in a terminal", () => {
  let place: TestHome;
  let cwd: string;
  before(async () => {
    place = await testHome();
    cwd = join(place.env["HOME"] ?? "", "harbour 🚢");
    await mkdir(cwd);
  });
  after(() => place.dispose());

  const start = (...args: string[]): Terminal => tallyInTerminal(args, { env: place.env, cwd });
  const run = (...args: string[]) => runTally(args, { env: place.env, cwd });
  const sessions = () => listedSessions({ env: place.env, cwd });
  /** The live session whose command line holds this word. */
  const sessionOf = (word: string): Promise<Session> =>
    untilDefined(
      async () =>
        (await sessions()).find(({ command, endedAt }) => endedAt === null && command.join(" ").includes(word)),
      `a session of ${word}`,
    );

  it("gets what is typed and shows what the agent writes", async () => {
    using terminal = start("sh", "-c", 'read -r line; echo "you said: $line"');
    await terminal.screen.untilShows("Created task");
    terminal.type("héllo 🚀\r");
    await terminal.screen.untilShows("you said: héllo 🚀");
    assert.equal((await terminal.exited).exitCode, 0);
  });

  it("starts it at the terminal's size, and passes every later size on", async () => {
    const script = 'trap "stty size" WINCH; stty size; while :; do sleep 0.05; done';
    using terminal = start("sh", "-c", script);
    await terminal.screen.untilShows(/^30 100$/m);
    terminal.resize({ cols: 72, rows: 20 });
    await terminal.screen.untilShows(/^20 72$/m);
    terminal.type("\x03");
    assert.equal((await terminal.exited).exitCode, 130);
  });

  it("passes its exit code on, and 128 and the number of a signal", async () => {
    using seven = start("sh", "-c", "exit 7");
    assert.equal((await seven.exited).exitCode, 7);
    using killed = start("sh", "-c", "kill -KILL $$");
    assert.equal((await killed.exited).exitCode, 137);
  });

  it("gives the agent Ctrl-C and every other byte, and takes nothing for itself", async () => {
    using terminal = start("sh", "-c", "stty raw -echo; echo ready; head -c 6 | od -An -tx1");
    await terminal.screen.untilShows(/^ready$/m);
    terminal.type("\x03\x1a\x04\x11\x1cx");
    await terminal.screen.untilShows("03 1a 04 11 1c 78");
  });

  it("moves the cursor as a bare terminal does when the agent writes bare newlines", async () => {
    const script = "stty -opost; printf 'one\\ntwo'; sleep 0.1; read -r _";
    using bare = openTerminal({ file: "sh", args: ["-c", script], env: place.env, cwd });
    using terminal = start("sh", "-c", script);
    await bare.screen.untilShows(/^ *two$/m);
    await terminal.screen.untilShows(/^ *two$/m);
    const shown = (screen: Terminal["screen"]) =>
      screen
        .text()
        .split("\n")
        .filter((line) => /^ *(?:one|two)$/.test(line));
    assert.deepEqual(shown(terminal.screen), shown(bare.screen));
    assert.deepEqual(shown(bare.screen), ["one", "   two"]);
  });

  it("gives the terminal back as it was", async () => {
    const shell = [
      "-c",
      'stty -g; "$0" sh -c "stty raw; printf \\"\\\\033[?1049h\\\\033[?2004h\\""; stty -g; echo over',
    ];
    using terminal = openTerminal({
      file: "bash",
      args: [...shell, join("bin", "tally")],
      env: place.env,
      cwd: repositoryRoot,
    });
    await terminal.screen.untilShows(/^over$/m);
    const [beforeRun, afterRun] = terminal.screen
      .text()
      .split("\n")
      .filter((line) => /^[0-9a-f]+:/.test(line));
    assert.equal(afterRun, beforeRun);
    assert.equal(terminal.screen.isAlternate, false);
  });

  it("can be detached and attached again, with the screen as it was", async () => {
    using first = start("sh", "-c", 'echo marker-one; while read -r line; do echo "got $line"; done');
    await first.screen.untilShows("marker-one");
    first.type("a\r");
    await first.screen.untilShows("got a");
    first.type(DETACH_KEY);
    await first.screen.untilShows("Detached; the agent runs on.");
    assert.equal((await first.exited).exitCode, 0);

    const { id } = await sessionOf("marker-one");
    using second = start("attach", id.slice(0, 6));
    await second.screen.untilShows(/marker-one\n(.*\n)*got a/);
    second.type("b\r");
    await second.screen.untilShows("got b");
    second.type("\x04");
    assert.equal((await second.exited).exitCode, 0);
  });

  it("runs on when its terminal is closed", async () => {
    using terminal = start("sh", "-c", "echo marker-two; exec sleep 600");
    await terminal.screen.untilShows("marker-two");
    const { id, pid } = await sessionOf("marker-two");
    process.kill(terminal.pid, "SIGHUP");
    assert.equal((await terminal.exited).exitCode, 129);
    assert.ok(pid !== null && isRunning(pid));
    await run("end", id);
    assert.equal(isRunning(pid), false);
  });

  it("ends with SIGTERM as it would without Tally", async () => {
    using terminal = start("sh", "-c", 'trap "echo told; exit 6" TERM; echo ready; while :; do sleep 0.05; done');
    await terminal.screen.untilShows(/^ready$/m);
    process.kill(terminal.pid, "SIGTERM");
    assert.equal((await terminal.exited).exitCode, 6);
  });

  it("goes on when the gateway is killed, and so does its view", async () => {
    using terminal = start("sh", "-c", 'echo marker-three; while read -r line; do echo "got $line"; done');
    await terminal.screen.untilShows("marker-three");
    terminal.type("before\r");
    await terminal.screen.untilShows("got before");
    const gateway = await readGatewayFile(place.home);
    assert.ok(gateway);
    process.kill(gateway.pid, "SIGKILL");
    await until(() => !isRunning(gateway.pid), "the gateway to be dead");
    terminal.type("after\r");
    await terminal.screen.untilShows("got after");
    assert.match(terminal.screen.text(), /marker-three\n(.*\n)*got before\n(.*\n)*got after/);
    terminal.type("\x04");
    assert.equal((await terminal.exited).exitCode, 0);
  });

  describe("under Ctrl-Z", () => {
    /** Types `tally <command>` into a shell with job control, as a person does. */
    async function inShell(command: string): Promise<Terminal> {
      const env = { ...place.env, PS1: "shell$ ", TALLY: tally, suspendsItself, stopsItself };
      const shell = openTerminal({ file: "bash", args: ["--norc", "-i"], env, cwd });
      await shell.screen.untilShows("shell$");
      shell.type(`"$TALLY" ${command}\r`);
      return shell;
    }
    const raw = "process.stdin.setRawMode(true); console.log('ready');";
    const onKey = (suspend: string) =>
      `${raw} process.stdin.on('data', (key) => { if (key[0] !== 26) process.exit(4); ${suspend} });`;
    const resumes = "process.once('SIGCONT', () => { process.stdin.setRawMode(true); console.log('resumed'); });";
    /** As Claude Code does it: the terminal is put back, and the signal goes to the process group. */
    const suspendsItself = onKey(`${resumes} process.stdin.setRawMode(false); process.kill(0, 'SIGTSTP');`);
    const stopsItself = onKey(`${resumes} process.kill(process.pid, 'SIGSTOP');`);

    for (const agent of ["suspendsItself", "stopsItself"]) {
      it(`gives the shell back when the agent ${agent}, and fg resumes both`, async () => {
        using shell = await inShell(`node -e "$${agent}"`);
        await shell.screen.untilShows(/^ready$/m);
        shell.type("\x1a");
        await shell.screen.untilShows(/Stopped/);
        shell.type("fg\r");
        await shell.screen.untilShows(/^resumed$/m);
        shell.type("x");
        await shell.screen.untilShows(/resumed\n+shell\$/);
        shell.type("echo code=$?\r");
        await shell.screen.untilShows("code=4");
      });
    }

    it("stops an agent that leaves the terminal as it is", async () => {
      using shell = await inShell("cat");
      await shell.screen.untilShows("Created task");
      shell.type("one\r");
      await shell.screen.untilShows(/one\none/);
      shell.type("\x1a");
      await shell.screen.untilShows(/Stopped/);
      shell.type("fg\r");
      shell.type("two\r");
      await shell.screen.untilShows(/two\ntwo/);
    });

    it("leaves it to a shell in the session to stop its own commands", async () => {
      using shell = await inShell("bash --norc -i");
      await shell.screen.untilShows(/Created task .*\nshell\$/);
      shell.type("sh -c 'echo started; exec cat'\r");
      await shell.screen.untilShows(/^started$/m);
      shell.type("\x1a");
      await shell.screen.untilShows(/Stopped +sh -c/);
      shell.type("echo inner=$TALLY_SESSION_ID\r");
      await shell.screen.untilShows(/^inner=\w+/m);
    });
  });

  it("runs untracked when the gateway cannot be started", async () => {
    const env = { ...place.env, TALLY_URL: "http://127.0.0.1:1", TALLY_TOKEN: "x" };
    using terminal = tallyInTerminal(["sh", "-c", "tty && exit 5"], { env, cwd });
    await terminal.screen.untilShows(/running untracked: (.*\n)*\/dev\//);
    assert.equal((await terminal.exited).exitCode, 5);
  });
});
