import { join } from "node:path";
import { onScreen } from "../../scripts/editor/tally.ts";
import { claudeHome, claudeVersions } from "../support/claude.ts";
import { repositoryRoot } from "../support/gateway.ts";
import { openEditor } from "../support/editor/open-editor.ts";
import { held, says } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";

const [version] = claudeVersions;

describe(`Claude Code ${version} in the editor`, () => {
  it("starts from the palette, answers a typed prompt in the integrated terminal, and the tree follows", async () => {
    const turn = held(says("Hello from loopback"));
    await using api = await startLoopbackApi({ script: turn.script });
    await using home = await claudeHome(version, api.url);
    const editor = await openEditor({ folder: home.cwd, env: home.env });
    try {
      const row = (state: string) =>
        editor.page.getByRole("treeitem", { name: new RegExp(`^Say hello, claude, ${state}`) }).first();
      await editor.openViews(onScreen.container);
      await editor.palette(onScreen.newSession);
      await editor.pickItem("Claude Code");
      await editor.typeInInput("Say hello");
      await editor.untilTerminalShows("❯");
      await row("idle").waitFor();

      await editor.typeInTerminal("say hello\n");
      await turn.asked;
      await row("running").waitFor();
      turn.release();
      await editor.untilTerminalShows("Hello from loopback");
      await row("idle").waitFor();
      await editor.screenshot(join(repositoryRoot, ".cache", "claude-in-the-editor.png"));
    } finally {
      await editor.dispose();
    }
  });
});
