import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import type { Session } from "../../src/protocol/entities.ts";
import { type ClaudeHome, claudeHome, claudeIsReady, claudeVersions } from "../support/claude.ts";
import { clientOf, repositoryRoot, type TestHome, testHome } from "../support/gateway.ts";
import { type Answer, refuses, says } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { openTerminal } from "../support/terminal.ts";

const tally = [process.execPath, join(repositoryRoot, "dist", "cli.cjs")] as const;

const outcomes: readonly { outcome: string; answer: Answer; exitCode: number }[] = [
  { outcome: "an answer", answer: says("Grüße aus der Schleife ✓\n\n- one\n- two"), exitCode: 0 },
  {
    outcome: "an API error",
    answer: refuses(400, { type: "invalid_request_error", message: "No such thing here." }),
    exitCode: 1,
  },
];

for (const version of claudeVersions) {
  describe(`\`tally claude\` with Claude Code ${version}`, () => {
    let place: TestHome;
    beforeEach(async () => {
      place = await testHome();
    });
    afterEach(() => place.dispose());

    it("answers a typed prompt in the person's terminal, exits as claude does, and leaves a session that is done", async () => {
      await using api = await startLoopbackApi({ reply: "Hello from loopback" });
      await using home = await claudeHome(version, api.url, place.env["HOME"]);
      const [file, ...args] = [...tally, "claude"] as const;
      using terminal = openTerminal({ file, args, cwd: home.cwd, env: environment(place, home) });
      await terminal.screen.untilShows(claudeIsReady);
      terminal.type("say hello\r");
      await terminal.screen.untilShows("Hello from loopback");
      terminal.type("/exit\r");
      assert.equal((await terminal.exited).exitCode, 0);

      const session = await onlySession(place);
      assert.equal(session.agent, "claude");
      assert.equal(session.mode, "pty");
      assert.equal(session.state, "DONE");
    });

    for (const { outcome, answer, exitCode } of outcomes) {
      it(`prints into a pipe what claude prints, byte for byte, and exits the same: ${outcome}`, async () => {
        await using api = await startLoopbackApi({ answers: [answer] });
        await using home = await claudeHome(version, api.url, place.env["HOME"]);
        const env = environment(place, home);
        const bare = await inPipes([home.claude, "-p", "hi"], home.cwd, env);
        const tracked = await inPipes([...tally, "claude", "-p", "hi"], home.cwd, env);
        assert.equal(bare.exitCode, exitCode);
        assert.ok(bare.stdout.length > 0);
        assert.deepEqual(tracked.stdout, bare.stdout);
        assert.equal(tracked.exitCode, bare.exitCode);
        assert.match(tracked.stderr, /^\[Tally\] Created task claude-\d+-[0-9a-z]{9} for work\n/);
        assert.equal((await onlySession(place)).exitCode, exitCode);
      });
    }
  });
}

function environment(place: TestHome, home: ClaudeHome): Record<string, string> {
  return { ...place.env, ...home.env };
}

async function onlySession({ env }: TestHome): Promise<Session> {
  const client = clientOf(env);
  try {
    const { sessions } = await client.call("snapshot", {});
    assert.equal(sessions.length, 1);
    return sessions[0]!;
  } finally {
    client.dispose();
  }
}

async function inPipes([file, ...args]: readonly [string, ...string[]], cwd: string, env: Record<string, string>) {
  const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "close") as Promise<[number | null]>;
  const [stdout, stderr, [exitCode]] = await Promise.all([buffer(child.stdout), text(child.stderr), exited]);
  return { stdout, stderr, exitCode };
}
