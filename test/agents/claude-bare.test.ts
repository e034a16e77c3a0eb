import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { claudeHome, claudeIsReady, claudeVersions } from "../support/claude.ts";
import { says, usesTool } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { openTerminal } from "../support/terminal.ts";

// Without Tally: when this fails, an agent or the loopback API has changed, and the other tests here say nothing.
for (const version of claudeVersions) {
  describe(`Claude Code ${version} alone, against the loopback API`, () => {
    it("answers a typed prompt and ends", async () => {
      await using api = await startLoopbackApi({ reply: "Hello from loopback" });
      await using home = await claudeHome(version, api.url);
      using terminal = openTerminal({ file: home.claude, args: [], cwd: home.cwd, env: home.env });
      await terminal.screen.untilShows(claudeIsReady);
      terminal.type("say hello\r");
      await terminal.screen.untilShows("Hello from loopback");
      terminal.type("/exit\r");
      const { exitCode } = await terminal.exited;
      assert.equal(exitCode, 0);
      assert.ok(api.turns[0]?.lastUserText.includes("say hello"));
    });

    it("runs the tool that the model asks for, and comes back with its result", async () => {
      await using api = await startLoopbackApi({
        answers: [usesTool("Bash", { command: "touch made-by-a-tool", description: "Make a file" }), says("All done")],
      });
      await using home = await claudeHome(version, api.url);
      const args = ["-p", "make a file", "--allowedTools", "Bash"];
      using terminal = openTerminal({ file: home.claude, args, cwd: home.cwd, env: home.env });
      assert.equal((await terminal.exited).exitCode, 0);
      assert.ok(existsSync(join(home.cwd, "made-by-a-tool")));
      assert.equal(api.turns.length, 2);
    });
  });
}
