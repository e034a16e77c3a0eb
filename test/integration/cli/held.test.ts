import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TallyError } from "../../../src/protocol/errors.ts";
import type { OfferedPersona } from "../../../src/protocol/limit-routes.ts";
import type { Pause } from "../../../src/protocol/limits.ts";
import type { CreatedSession } from "../../../src/protocol/routes.ts";
import { runTally, tally, type TallyRun } from "../../support/cli.ts";
import { aPause, aProject, aSession, aTask } from "../../support/entities.ts";
import { openTerminal, type Terminal } from "../../support/terminal.ts";
import { until } from "../../support/until.ts";
import { type ScriptedGateway, startScriptedGateway } from "./scripted-gateway.ts";

const HOUR_MS = 3_600_000;

describe("a launch that a limit holds", () => {
  let cwd: string;
  let env: Record<string, string>;
  before(async () => {
    cwd = await mkdtemp(join(tmpdir(), "tally-held-"));
    env = { PATH: process.env["PATH"] ?? "", HOME: cwd, LANG: "C.UTF-8", TZ: "UTC", TALLY_HOME: join(cwd, "tally") };
  });
  after(() => rm(cwd, { recursive: true, force: true }));

  const run = (gateway: ScriptedGateway, ...args: string[]): Promise<TallyRun> =>
    runTally(args, { env: { ...env, ...gateway.env }, cwd });

  let pause: Pause;
  beforeEach(() => {
    pause = aPause({ until: Date.now() + 2 * HOUR_MS, evidence: "You've hit your 5-hour limit" });
  });
  const created = (spite: Pause | null): CreatedSession => ({
    session: aSession({ mode: "pipes" }),
    project: aProject(),
    task: aTask(),
    launch: { file: "/bin/sh", args: ["-c", "echo started"], env: {} },
    pause: spite,
  });
  /** A gateway that lets a launch through when nothing holds it, or when it is to start anyway. */
  async function holding(first = pause): Promise<ScriptedGateway & { hold(pause: Pause): void }> {
    let current: Pause | null = first;
    const createSession = (body: unknown): CreatedSession => {
      if (current === null || (body as { whenPaused: string }).whenPaused === "start") return created(current);
      throw new TallyError("paused", "It is held.", { pause: current, resumeAt: current.until });
    };
    const gateway = await startScriptedGateway({}, { pauses: [first], handlers: { createSession } });
    return Object.assign(gateway, {
      hold: (changed: Pause) => {
        current = changed.endedAt === null ? changed : null;
        gateway.changePause(changed);
      },
    });
  }

  it("exits with 75, and says what is paused, until when, how that is known and what to do", async () => {
    await using gateway = await holding();
    const { exitCode, stdout, stderr } = await run(gateway, "claude", "-p", "fix it");
    assert.deepEqual([exitCode, stdout.length], [75, 0]);
    assert.match(stderr, /^Paused: Claude Code\n {2}since .*\n {2}until {7}.*, in 2 h\n/);
    assert.match(stderr, /^│ You've hit your 5-hour limit$/m);
    assert.match(
      stderr,
      /: +tally --wait claude -p 'fix it'\n.*: +tally --force claude -p 'fix it'\n.*tally unpause pause1$/m,
    );
  });

  it("starts all the same when it is told to, and says in spite of what", async () => {
    await using gateway = await holding();
    const { exitCode, stdout, stderr } = await run(gateway, "--force", "sh", "-c", "echo started");
    assert.deepEqual([exitCode, stdout.toString("utf8")], [0, "started\n"]);
    assert.match(stderr, /^\[Tally\] Started in spite of a pause: Claude Code: until .*$/m);
  });

  describe("with --wait", () => {
    /** In a terminal as a person has it; the agent gets stdin and stdout that are none, as scripted gateways have no terminals. */
    const inTerminal = (gateway: ScriptedGateway, after = ""): Terminal =>
      openTerminal({
        file: "bash",
        args: ["--norc", "-i"],
        env: {
          ...env,
          ...gateway.env,
          PS1: "shell$ ",
          COMMAND: `"${tally}" --wait sh -c "echo started" </dev/null${after}`,
        },
        cwd,
      });
    const startIn = async (terminal: Terminal) => {
      await terminal.screen.untilShows("shell$");
      terminal.type('eval "$COMMAND"; echo status $?\r');
    };

    it("starts at once when nothing is paused", async () => {
      await using gateway = await holding();
      gateway.hold({ ...pause, endedAt: 2_000 });
      const { exitCode, stdout } = await run(gateway, "--wait", "sh", "-c", "echo started");
      assert.deepEqual([exitCode, stdout.toString("utf8")], [0, "started\n"]);
    });

    it("counts down on one line of the terminal, and starts by itself when the pause ends", async () => {
      await using gateway = await holding();
      using terminal = inTerminal(gateway);
      await startIn(terminal);
      await terminal.screen.untilShows(/Claude Code is paused until .*: starts in .*\d (h|min|s)$/m);
      const left = () => /starts in (.*)/.exec(terminal.screen.text())?.[1];
      const first = left();
      await until(() => left() !== first, "the countdown to go on");
      await gateway.followed;
      assert.equal(terminal.screen.text().match(/is paused until/g)?.length, 1);
      gateway.hold({ ...pause, endedAt: 2_000 });
      await terminal.screen.untilShows(/is paused no more\.\n(.*\n)*started\nstatus 0/);
      assert.doesNotMatch(terminal.screen.text(), /is paused until/);
    });

    it("goes on waiting when the pause is prolonged, and says so", async () => {
      await using gateway = await holding();
      using terminal = inTerminal(gateway);
      await startIn(terminal);
      await terminal.screen.untilShows("starts in");
      await gateway.followed;
      gateway.hold({ ...pause, until: Date.now() + 5 * HOUR_MS, tries: 1 });
      await terminal.screen.untilShows(/stays paused: until .*in 5 h\n.*starts in/);
      gateway.hold({ ...pause, endedAt: 2_000 });
      await terminal.screen.untilShows("status 0");
    });

    it("goes on waiting when something else holds it by then", async () => {
      await using gateway = await holding();
      using terminal = inTerminal(gateway);
      await startIn(terminal);
      await terminal.screen.untilShows("starts in");
      await gateway.followed;
      gateway.hold({ ...pause, endedAt: 2_000 });
      gateway.hold(aPause({ id: "another", label: "The other" }));
      await terminal.screen.untilShows(/The other is paused; nobody knows until when/);
      await until(() => gateway.heard("createSession").length === 2, "the gate to be asked again");
      gateway.hold(aPause({ id: "another", label: "The other", endedAt: 2_000 }));
      await terminal.screen.untilShows("status 0");
    });

    it("leaves by Ctrl-C as any program does, with the terminal as it was and nothing started", async () => {
      await using gateway = await holding();
      using terminal = inTerminal(gateway);
      await terminal.screen.untilShows("shell$");
      terminal.type("stty -g\r");
      await startIn(terminal);
      await terminal.screen.untilShows("starts in");
      terminal.type("\x03");
      await terminal.screen.untilShows(/Nothing was started\.\n(.*\n)*shell\$ $/m);
      terminal.type("echo status $?; stty -g\r");
      await terminal.screen.untilShows(/^status 130$/m);
      const modes = () => terminal.screen.text().match(/^[0-9a-f]+(:[0-9a-f]+){10,}$/gm) ?? [];
      await until(() => modes().length === 2, "both modes of the terminal to be shown");
      assert.equal(modes()[1], modes()[0]);
      assert.equal(gateway.heard("createSession").length, 1);
    });

    it("says it in a line where there is no terminal", async () => {
      await using gateway = await holding();
      const ended = run(gateway, "--wait", "sh", "-c", "echo started");
      await gateway.followed;
      gateway.hold({ ...pause, endedAt: 2_000 });
      const { exitCode, stderr, stdout } = await ended;
      assert.deepEqual([exitCode, stdout.toString("utf8")], [0, "started\n"]);
      assert.match(stderr, /^\[Tally\] Claude Code is paused until .*\n\[Tally\] Claude Code is paused no more\.\n/);
      assert.equal(stderr.includes("\r"), false);
    });
  });

  describe("of a persona of the repository", () => {
    const offered: OfferedPersona = {
      name: "work",
      agent: "claude",
      args: ["--model", "opus"],
      env: { ANTHROPIC_BASE_URL: "http://example.test" },
      configHome: "~/.claude-work",
      from: "repository",
      isApproved: false,
      hash: "h1",
    };
    async function asking(): Promise<ScriptedGateway> {
      let isApproved = false;
      return startScriptedGateway(
        {},
        {
          handlers: {
            createSession: () => {
              if (isApproved) return created(null);
              throw new TallyError("approval-needed", "It needs approval.", { persona: offered });
            },
            approvePersona: () => {
              isApproved = true;
              return { persona: { ...offered, isApproved } };
            },
          },
        },
      );
    }
    const inTerminal = (gateway: ScriptedGateway): Terminal =>
      openTerminal({
        file: "sh",
        args: ["-c", `"${tally}" --persona work | cat; echo over`],
        env: { ...env, ...gateway.env },
        cwd,
      });

    it("is not started unasked, and says how to approve it", async () => {
      await using gateway = await asking();
      const { exitCode, stdout, stderr } = await run(gateway, "--persona", "work", "hi");
      assert.deepEqual([exitCode, stdout.length, gateway.heard("approvePersona")], [1, 0, []]);
      assert.match(
        stderr,
        /^│ environment {2}ANTHROPIC_BASE_URL=http:\/\/example\.test\n│ config home {2}~\/\.claude-work$/m,
      );
      assert.match(stderr, /tally --persona work --trust -- hi$/m);
    });

    it("is approved by --trust", async () => {
      await using gateway = await asking();
      const { exitCode, stdout } = await run(gateway, "--persona", "work", "--trust");
      assert.deepEqual([exitCode, stdout.toString("utf8")], [0, "started\n"]);
      assert.deepEqual(gateway.heard("approvePersona"), [{ cwd, name: "work", hash: "h1" }]);
    });

    it("is approved by the person at the terminal", async () => {
      await using gateway = await asking();
      using terminal = inTerminal(gateway);
      await terminal.screen.untilShows("[y]es / [N]o:");
      assert.match(terminal.screen.text(), /^│ argument {5}--model$/m);
      terminal.type("y\r");
      await terminal.screen.untilShows(/^started$/m);
    });

    it("is not approved by Enter alone", async () => {
      await using gateway = await asking();
      using terminal = inTerminal(gateway);
      await terminal.screen.untilShows("[y]es / [N]o:");
      terminal.type("\r");
      await terminal.screen.untilShows(/Not approved, so nothing was started\.\n(.*\n)*over/);
      assert.deepEqual(gateway.heard("approvePersona"), []);
    });
  });
});
