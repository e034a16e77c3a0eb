import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeGatewayFile } from "../../../src/server/discovery-file.ts";
import { tallyHome } from "../../../src/protocol/home.ts";
import { hookLines } from "../../../src/server/signals/hook-lines.ts";
import { parseSpoolName } from "../../../src/server/signals/spool-names.ts";
import { until } from "../../support/until.ts";
import { asSh, runHook, SHELLS, startHook } from "./hook-process.ts";

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const megabytes = randomBytes(3 * 1024 * 1024);
const aGateway = { pid: process.pid, port: 7501, version: "1.0.0", protocol: 1, startedAt: 1 };
const silence = { stdout: Buffer.alloc(0), stderr: "", exitCode: 0, signal: null };

for (const shell of SHELLS) {
  describe(`The shell lines of hooks, run by ${shell.name}`, () => {
    let root: string;
    let sh: string;
    let spool: string;
    let gateway: string;

    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), "tally-hooks-"));
      sh = asSh(shell.path, join(root, "shell"));
      spool = join(root, "spool");
      gateway = join(root, "its gateway.pid");
      mkdirSync(spool);
      writeFileSync(gateway, String(process.pid));
    });
    afterEach(() => {
      chmodSync(spool, 0o700);
      rmSync(root, { recursive: true });
    });

    const lines = (spoolFolder = spool) =>
      hookLines({ spoolFolder, gatewayPidFile: gateway, sessionId: "claude-1-abc" })!;
    const spooled = (folder = spool) => readdirSync(folder).toSorted();
    const contentOf = (name: string, folder = spool) => readFileSync(join(folder, name));

    /** What the line will call its file: the process that runs what is put before the line is the one that then runs the line. */
    const ownName = (channel: string) => `claude-1-abc~${channel}~$PPID~$$`;
    /** Goes before a line: what it writes to its file then fails for want of space. */
    const fullDisk = (channel: string) => `ln -s /dev/full "${spool}/.${ownName(channel)}.tmp"; `;
    const pidOfTheDead = async () => {
      const dead = startHook("exit 0", "", { sh });
      await dead.ended;
      return dead.pid;
    };

    describe("report", () => {
      it("hands its stdin over, every byte of it, and says nothing", async () => {
        const end = await runHook(lines().report("hook"), everyByte, { sh });
        assert.deepEqual(end, silence);
        const [name = "", ...others] = spooled();
        assert.deepEqual(others, []);
        assert.deepEqual(contentOf(name), everyByte);
      });

      it("names the session, the channel, the agent and itself", async () => {
        const hook = startHook(lines().report("status line"), "{}", { sh });
        await hook.ended;
        const { sessionId, channel, agentPid, hookPid, kind } = parseSpoolName(spooled()[0] ?? "")!;
        assert.deepEqual(
          { sessionId, channel, agentPid, hookPid, kind },
          {
            sessionId: "claude-1-abc",
            channel: "status line",
            agentPid: process.pid,
            hookPid: hook.pid,
            kind: "report",
          },
        );
      });

      it("writes for its owner alone", async () => {
        await runHook(lines().report("hook"), "{}", { sh });
        assert.equal(statSync(join(spool, spooled()[0] ?? "")).mode & 0o777, 0o600);
      });

      it("hands megabytes over", async () => {
        await runHook(lines().report("hook"), megabytes, { sh });
        assert.ok(contentOf(spooled()[0] ?? "").equals(megabytes));
      });

      it("works in a folder with spaces, quotes and letters of any script", async () => {
        const folder = join(root, `it's "odd" $HOME \`x\` ünï 日本`);
        mkdirSync(folder);
        assert.deepEqual(await runHook(lines(folder).report(`chan'nel ~ "日本"`), "{}", { sh }), silence);
        assert.equal(parseSpoolName(spooled(folder)[0] ?? "")?.channel, `chan'nel ~ "日本"`);
      });

      it("takes all of its stdin and says nothing when there is no folder", async () => {
        assert.deepEqual(await runHook(lines(join(root, "none")).report("hook"), megabytes, { sh }), silence);
      });

      it("takes all of its stdin and says nothing when the disk is full", async () => {
        assert.deepEqual(await runHook(fullDisk("hook") + lines().report("hook"), megabytes, { sh }), silence);
        assert.deepEqual(spooled(), []);
      });

      it("finds its tools on a PATH that has none", async () => {
        assert.deepEqual(await runHook(lines().report("hook"), "{}", { sh, env: { PATH: "" } }), silence);
        assert.equal(spooled().length, 1);
      });

      it("loses none of 50 at once", async () => {
        const payloads = Array.from({ length: 50 }, (_, number) => JSON.stringify({ number }));
        await Promise.all(payloads.map((payload) => runHook(lines().report("hook"), payload, { sh })));
        assert.deepEqual(
          spooled()
            .map((name) => contentOf(name).toString())
            .toSorted(),
          payloads.toSorted(),
        );
      });

      it("overwrites nothing that waits to be read, were it of a process with the same id", async () => {
        const former = ["", "~1"]
          .map((number) => `printf former >"${spool}/${ownName("hook")}${number}.json"; `)
          .join("");
        await runHook(former + lines().report("hook"), "{}", { sh });
        assert.deepEqual(
          spooled().map((name) => [/(?:~\d)?\.json$/u.exec(name)?.[0], contentOf(name).toString()]),
          [
            [".json", "former"],
            ["~1.json", "former"],
            ["~2.json", "{}"],
          ],
        );
      });
    });

    describe("ask", () => {
      const asked = async () => {
        await until(() => spooled().some((name) => name.endsWith(".ask")), "the question");
        return join(
          spool,
          spooled().find((name) => name.endsWith(".ask"))!,
        );
      };

      it("prints the reply, every byte of it, and takes it away", async () => {
        const hook = startHook(lines().ask("hook"), "{}", { sh });
        const question = await asked();
        writeFileSync(`${question}.reply`, everyByte);
        assert.deepEqual(await hook.ended, { ...silence, stdout: everyByte });
        assert.deepEqual(spooled(), [question.slice(spool.length + 1)]);
      });

      it("prints nothing for an empty reply", async () => {
        const hook = startHook(lines().ask("hook"), "{}", { sh });
        writeFileSync(`${await asked()}.reply`, "");
        assert.deepEqual(await hook.ended, silence);
      });

      it("goes silently when its question is removed", async () => {
        const hook = startHook(lines().ask("hook"), "{}", { sh });
        rmSync(await asked());
        assert.deepEqual(await hook.ended, silence);
        assert.deepEqual(spooled(), []);
      });

      it("leaves word when the agent takes the question back", async () => {
        const hook = startHook(lines().ask("hook"), '{"what":1}', { sh });
        const question = await asked();
        hook.signal("SIGTERM");
        assert.deepEqual(await hook.ended, silence);
        assert.equal(readFileSync(`${question}.gone`, "utf8"), '{"what":1}');
        assert.equal(spooled().length, 1);
      });

      it("waits for nobody where no gateway runs, and leaves what it asked as a report", async () => {
        rmSync(gateway);
        assert.deepEqual(await runHook(lines().ask("hook"), '{"what":1}', { sh }), silence);
        assert.deepEqual(
          spooled().map((name) => [parseSpoolName(name)?.kind, contentOf(name).toString()]),
          [["report", '{"what":1}']],
        );
      });

      it("gives up when its gateway crashed and none comes, but not while one lives", async () => {
        const home = tallyHome({ TALLY_HOME: root });
        writeGatewayFile(home, aGateway);
        const patient = startHook(
          hookLines({ spoolFolder: spool, gatewayPidFile: home.gatewayPidFile, sessionId: "patient" })!.ask("hook"),
          "{}",
          { sh },
        );
        const question = await asked();
        writeFileSync(gateway, String(await pidOfTheDead()));
        assert.deepEqual(await runHook(lines().ask("hook"), "{}", { sh }), silence);
        assert.deepEqual(
          spooled().map((name) => parseSpoolName(name)?.kind),
          ["report", "ask"],
        );
        writeFileSync(`${question}.reply`, "yes");
        assert.equal((await patient.ended).stdout.toString(), "yes");
      });

      it("is still there for the next gateway when the last one has crashed", async () => {
        writeFileSync(gateway, String(await pidOfTheDead()));
        const hook = startHook(lines().ask("hook"), "{}", { sh });
        const question = await asked();
        writeFileSync(gateway, String(process.pid));
        writeFileSync(`${question}.reply`, "yes");
        assert.equal((await hook.ended).stdout.toString(), "yes");
      });

      it("goes when the agent that asked is dead", async () => {
        const agent = startHook(`${sh} -c '${lines().ask("hook").replaceAll("'", `'\\''`)}' </dev/null & wait`, "", {
          sh,
        });
        await asked();
        agent.signal("SIGKILL");
        await until(() => spooled().some((name) => name.endsWith(".gone")), "the question to be taken back");
        await agent.ended;
      });

      it("takes all of its stdin and goes silently when there is no folder", async () => {
        assert.deepEqual(await runHook(lines(join(root, "none")).ask("hook"), megabytes, { sh }), silence);
      });
    });

    describe("wrap", () => {
      const theirs = "cat; echo trouble >&2; exit 7";
      const theirEnd = { stderr: "trouble\n", exitCode: 7, signal: null };
      const asTheirs = (stdout: Buffer) => ({ stdout, ...theirEnd });

      it("runs the person's command on the same stdin, and hands that over", async () => {
        assert.deepEqual(await runHook(lines().wrap("status", theirs), everyByte, { sh }), asTheirs(everyByte));
        assert.deepEqual(
          spooled().map((name) => contentOf(name)),
          [everyByte],
        );
      });

      it("runs it on megabytes", async () => {
        const { stdout, ...end } = await runHook(lines().wrap("status", theirs), megabytes, { sh });
        assert.deepEqual(end, theirEnd);
        assert.ok(stdout.equals(megabytes));
        assert.ok(contentOf(spooled()[0] ?? "").equals(megabytes));
      });

      it("runs it on the same stdin when there is no folder", async () => {
        const end = await runHook(lines(join(root, "none")).wrap("status", theirs), everyByte, { sh });
        assert.deepEqual(end, asTheirs(everyByte));
      });

      it("runs it on the same stdin when the disk is full", async () => {
        const payload = Buffer.from(JSON.stringify({ text: "ünï 日本\n".repeat(100_000) }));
        const { stdout, ...end } = await runHook(fullDisk("status") + lines().wrap("status", theirs), payload, { sh });
        assert.deepEqual(end, theirEnd);
        assert.ok(stdout.equals(payload));
        assert.deepEqual(spooled(), []);
      });

      it("has handed over before the command starts, so that a slow one holds nothing up", async () => {
        const { stdout } = await runHook(lines().wrap("status", `ls "${spool}"`), "{}", { sh });
        assert.equal(parseSpoolName(stdout.toString().trim())?.channel, "status");
      });

      it("gives the command its own environment, folder and umask", async () => {
        const theirs = "umask; pwd; env | grep -v -e ^_= -e ^SHLVL=";
        const env = { PATH: "/bin:/usr/bin", t: "their t", tally: "their tally", b: "their b" };
        const bare = await runHook(`umask 022; cd "${root}"; ${sh} -c '${theirs}'`, "{}", { sh, env });
        const wrapped = await runHook(`umask 022; cd "${root}"; ${lines().wrap("status", theirs)}`, "{}", { sh, env });
        assert.equal(wrapped.stdout.toString(), bare.stdout.toString());
      });

      it("is the command for whoever signals it", async () => {
        const hook = startHook(
          lines().wrap(
            "status",
            `trap 'echo caught; exit 3' TERM; echo ready >"${root}/ready"; while :; do sleep 0.01; done`,
          ),
          "{}",
          { sh },
        );
        await until(() => existsSync(join(root, "ready")), "the command to run");
        hook.signal("SIGTERM");
        const { stdout, exitCode } = await hook.ended;
        assert.deepEqual({ stdout: stdout.toString(), exitCode }, { stdout: "caught\n", exitCode: 3 });
      });

      it("takes a command with quotes of every kind", async () => {
        const { stdout } = await runHook(
          lines().wrap("status", `printf '%s|' "it's" 'a "b"' \`echo c\` $((1+1))`),
          "{}",
          { sh },
        );
        assert.equal(stdout.toString(), `it's|a "b"|c|2|`);
      });
    });
  });
}
