import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { sessionSchema } from "../../../src/protocol/entities.ts";
import { TallyError } from "../../../src/protocol/errors.ts";
import { accountSchema, type Pause, pauseSchema } from "../../../src/protocol/limits.ts";
import { runTally, type TallyRun } from "../../support/cli.ts";
import { aContinuation, anAccount, aPause, aQuota } from "../../support/entities.ts";
import { type ScriptedGateway, startScriptedGateway } from "./scripted-gateway.ts";

const HOUR_MS = 3_600_000;

describe("limits on the command line", () => {
  let cwd: string;
  let env: Record<string, string>;
  before(async () => {
    cwd = await mkdtemp(join(tmpdir(), "tally-limits-"));
    env = { PATH: process.env["PATH"] ?? "", HOME: cwd, LANG: "C.UTF-8", TZ: "UTC", TALLY_HOME: join(cwd, "tally") };
  });
  after(() => rm(cwd, { recursive: true, force: true }));

  const run = (gateway: ScriptedGateway, ...args: string[]): Promise<TallyRun> =>
    runTally(args, { env: { ...env, ...gateway.env }, cwd });
  const out = ({ stdout }: TallyRun) => stdout.toString("utf8");
  const json = (ran: TallyRun): unknown => JSON.parse(out(ran));

  const account = anAccount({ quotas: [aQuota({ usedPercent: 42, at: Date.now() })] });
  const paused = (fields: Partial<Pause> = {}) =>
    startScriptedGateway({}, { accounts: [account], pauses: [aPause({ until: Date.now() + HOUR_MS, ...fields })] });

  describe("tally limits", () => {
    it("shows usage and pauses, and as JSON all that the gateway tells", async () => {
      await using gateway = await paused();
      const shown = out(await run(gateway, "limits"));
      assert.match(shown, /^Claude Code {2}claude-account1\n {2}5-hour {2}█+░+ {3}42%/);
      assert.match(shown, /^ {2}paused {2}Claude Code until .*, in (1 h|60 min) · The 5-hour limit/m);
      const limits = z.object({
        accounts: z.array(accountSchema),
        pauses: z.array(pauseSchema),
        settings: z.unknown(),
      });
      assert.deepEqual(limits.strict().parse(json(await run(gateway, "limits", "--json"))).accounts, [account]);
    });

    it("says that nothing is paused", async () => {
      await using gateway = await startScriptedGateway({});
      const { stderr, exitCode } = await run(gateway, "limits");
      assert.equal(exitCode, 0);
      assert.match(stderr, /^Nothing is paused\.$/m);
    });

    it("has a history", async () => {
      const pauses = [aPause({ endedAt: 2_000, endedBy: "lifted" })];
      await using gateway = await startScriptedGateway({}, { handlers: { pauseHistory: () => ({ pauses }) } });
      assert.match(out(await run(gateway, "limits", "--history")), /, lifted .*pause1$/m);
      assert.deepEqual(json(await run(gateway, "limits", "--history", "--json")), pauses);
    });
  });

  describe("tally status", () => {
    it("tells of pauses and usage", async () => {
      await using gateway = await paused();
      const shown = out(await run(gateway, "status"));
      assert.match(shown, /^limits {5}Claude Code: until .*\n {11}Claude Code: 5-hour 42%$/m);
      const status = z.object({ pauses: z.array(pauseSchema), accounts: z.array(accountSchema) });
      assert.equal(status.parse(json(await run(gateway, "status", "--json"))).pauses[0]?.id, "pause1");
    });

    it("says that nothing is paused", async () => {
      await using gateway = await startScriptedGateway({});
      assert.match(out(await run(gateway, "status")), /^limits {5}nothing is paused$/m);
    });
  });

  describe("tally pause", () => {
    const startPause = () => ({ pause: aPause({ kind: "manual" }) });

    it("pauses the account that an agent has here, for a time and with a reason", async () => {
      await using gateway = await startScriptedGateway({}, { handlers: { startPause } });
      const { exitCode, stderr } = await run(gateway, "pause", "codex", "--for", "2h", "--reason", "Saving it");
      assert.equal(exitCode, 0);
      assert.match(stderr, /^Paused Claude Code: until it is lifted\..*tally unpause pause1$/m);
      const [body] = gateway.heard("startPause") as [{ account: { agent: string; cwd: string }; reason: string }];
      assert.deepEqual([body.account.agent, body.account.cwd, body.reason], ["codex", cwd, "Saving it"]);
    });

    it("needs no name where one account is known, and prints the pause as JSON", async () => {
      await using gateway = await startScriptedGateway({}, { accounts: [account], handlers: { startPause } });
      assert.equal(pauseSchema.parse(json(await run(gateway, "pause", "--json"))).id, "pause1");
      assert.deepEqual(gateway.heard("startPause"), [{ account: { accountId: "claude-account1" }, until: null }]);
    });

    it("lists the accounts where several are known", async () => {
      const accounts = [account, anAccount({ id: "codex-1", agent: "codex", label: "Codex" })];
      await using gateway = await startScriptedGateway({}, { accounts });
      const { exitCode, stderr } = await run(gateway, "pause");
      assert.equal(exitCode, 2);
      assert.match(stderr, /claude-account1 {2}Claude Code\n {2}codex-1 {2}Codex/);
    });

    it("says which agents there are when a name is neither an agent nor a persona", async () => {
      const refused = () => {
        throw new TallyError("persona-not-found", 'There is no persona "nosuch". There are none here.');
      };
      await using gateway = await startScriptedGateway({}, { handlers: { startPause: refused } });
      const { exitCode, stderr } = await run(gateway, "pause", "nosuch");
      assert.equal(exitCode, 1);
      assert.match(stderr, /"nosuch" is no agent \(claude, codex, .*\)\. There is no persona "nosuch"\./);
    });

    it("refuses a time that is none", async () => {
      await using gateway = await startScriptedGateway({});
      assert.equal((await run(gateway, "pause", "claude", "--until", "whenever")).exitCode, 2);
      assert.deepEqual(gateway.heard("startPause"), []);
    });
  });

  describe("tally unpause", () => {
    const endPause = () => ({ pause: aPause({ endedAt: 2_000, endedBy: "lifted" }) });
    const lifting = (...pauses: Pause[]) => startScriptedGateway({}, { pauses, handlers: { endPause, checkLaunch } });
    const checkLaunch = () => ({ account, model: null, pause: null });

    it("lifts the only pause", async () => {
      await using gateway = await lifting(aPause());
      const { exitCode, stderr } = await run(gateway, "unpause");
      assert.deepEqual([exitCode, gateway.heard("endPause").length], [0, 1]);
      assert.match(stderr, /^Lifted the pause of Claude Code\./);
    });

    it("lifts those of an agent, and prints them as JSON", async () => {
      await using gateway = await lifting(aPause(), aPause({ id: "other", accountId: "codex-1" }));
      const lifted = z.array(pauseSchema).parse(json(await run(gateway, "unpause", "claude", "--json")));
      assert.deepEqual([lifted.length, gateway.heard("endPause").length], [1, 1]);
    });

    it("lifts all", async () => {
      await using gateway = await lifting(aPause(), aPause({ id: "other" }));
      assert.equal((await run(gateway, "unpause", "--all")).exitCode, 0);
      assert.equal(gateway.heard("endPause").length, 2);
    });

    it("lists the pauses where several are in force", async () => {
      await using gateway = await lifting(aPause(), aPause({ id: "other" }));
      const { exitCode, stderr } = await run(gateway, "unpause");
      assert.deepEqual([exitCode, gateway.heard("endPause").length], [2, 0]);
      assert.match(stderr, /pause1 .*\n {2}other /);
    });

    it("has nothing to do where nothing is paused", async () => {
      await using gateway = await lifting();
      const { exitCode, stderr } = await run(gateway, "unpause");
      assert.deepEqual([exitCode, stderr], [0, "Nothing is paused.\n"]);
    });
  });

  describe("tally resume", () => {
    const scheduled = { state: "PAUSED", pid: 1, continuation: aContinuation({ at: Date.now() + HOUR_MS }) } as const;
    const held = () => {
      throw new TallyError("paused", "Held.", { pause: aPause(), resumeAt: null });
    };

    it("goes on with the conversation, with a prompt", async () => {
      await using gateway = await startScriptedGateway(
        { state: "DONE", endedAt: 2_000 },
        { handlers: { resumeSession: () => ({ session: gateway.session }) } },
      );
      const { exitCode, stderr } = await run(gateway, "resume", "session1", "--prompt", "Go on");
      assert.deepEqual([exitCode, stderr], [0, "Resumed session1 (Fix the cart).\n"]);
      const [body] = gateway.heard("resumeSession") as [{ prompt: string; force: boolean; env: object }];
      assert.deepEqual([body.prompt, body.force, "TALLY_HOME" in body.env], ["Go on", false, true]);
    });

    it("says when a session that a limit holds goes on by itself, and exits with 75", async () => {
      await using gateway = await startScriptedGateway(scheduled, { handlers: { resumeSession: held } });
      const { exitCode, stderr, stdout } = await run(gateway, "resume", "session1");
      assert.deepEqual([exitCode, stdout.length], [75, 0]);
      assert.match(stderr, /^Paused: Claude Code$[^]*tally resume session1 --force$/m);
      assert.match(stderr, /^\[Tally\] Fix the cart resumes at .*, by itself\.$/m);
    });

    it("speaks of a start where nothing has run yet", async () => {
      const launch = { ...scheduled, pid: null, continuation: aContinuation() } as const;
      await using gateway = await startScriptedGateway(launch, { handlers: { resumeSession: held } });
      const { stderr } = await run(gateway, "resume", "session1");
      assert.match(stderr, /^Start it anyway: +tally resume session1 --force\nDo not start it by itself: /m);
      assert.match(stderr, /^\[Tally\] Fix the cart starts when the pause ends, by itself\.$/m);
      assert.match(
        (await run(gateway, "remove", "session1")).stderr,
        /is held\. Call it off first: tally end session1$/m,
      );
    });

    it("goes on now when it is told to", async () => {
      await using gateway = await startScriptedGateway(scheduled, {
        handlers: { resumeSession: () => ({ session: gateway.session }) },
      });
      assert.equal(
        sessionSchema.parse(json(await run(gateway, "resume", "session1", "--force", "--json"))).id,
        "session1",
      );
      assert.equal((gateway.heard("resumeSession")[0] as { force: boolean }).force, true);
    });

    it("does not go on by itself, or does, as it is told", async () => {
      const setAutoResume = (body: unknown) => {
        gateway.change({ autoResume: (body as { enabled: boolean }).enabled });
        return { session: gateway.session };
      };
      await using gateway = await startScriptedGateway(scheduled, { handlers: { setAutoResume } });
      assert.match((await run(gateway, "resume", "session1", "--cancel")).stderr, /does not go on by itself/);
      assert.match((await run(gateway, "resume", "session1", "--auto")).stderr, /resumes at/);
      assert.deepEqual(gateway.heard("setAutoResume"), [{ enabled: false }, { enabled: true }]);
    });

    it("refuses options that contradict each other", async () => {
      await using gateway = await startScriptedGateway(scheduled);
      assert.equal((await run(gateway, "resume", "session1", "--cancel", "--auto")).exitCode, 2);
      assert.equal((await run(gateway, "resume", "session1", "--cancel", "--force")).exitCode, 2);
    });
  });
});
