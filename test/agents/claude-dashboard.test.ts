import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureGateway } from "../../src/client/ensure-gateway.ts";
import { GatewayClient } from "../../src/client/http.ts";
import { tallyHome } from "../../src/protocol/home.ts";
import { asksFirst, claudeHome, claudeIsReady, claudeVersions } from "../support/claude.ts";
import { openDashboard } from "../support/editor/dashboard.ts";
import { openEditor } from "../support/editor/open-editor.ts";
import { rowSaying, showSessions } from "../support/editor/sessions-view.ts";
import { repositoryRoot } from "../support/gateway.ts";
import { says, usesTool } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { viewSession } from "../support/session-view.ts";
import { until } from "../support/until.ts";

const [version] = claudeVersions;
const colours = ["Amber", "Blue"].map((label) => ({ label, description: `The colour ${label}` }));
const answers = [
  usesTool("Bash", { command: "touch first.txt", description: "Make a file" }),
  says("It is made."),
  usesTool("AskUserQuestion", {
    questions: [{ question: "Which colour?", header: "Colour", multiSelect: false, options: colours }],
  }),
  says("Blue it is."),
];

describe(`Claude Code ${version}, answered on the dashboard`, () => {
  it("goes on with what was allowed and chosen there", async () => {
    await using api = await startLoopbackApi({ script: (_, turn) => answers[turn] ?? says("That was all.") });
    await using home = await claudeHome(version, api.url);
    const editor = await openEditor({ folder: home.cwd, env: home.env });
    const env = { ...home.env, TALLY_HOME: editor.tallyHome };
    const client = new GatewayClient(() => ensureGateway({ home: tallyHome(env), env, folder: repositoryRoot }));
    try {
      await showSessions(editor);
      const body = { agent: "claude", args: asksFirst(version), title: "Files", cwd: home.cwd, env };
      const { session } = await client.call("createSession", { body });
      using view = viewSession(client, session.id);
      const page = await openDashboard(editor);
      const card = page.getByRole("article", { name: "Files" });
      await rowSaying(editor, "Files, claude, idle").waitFor();
      await view.screen.untilShows(claudeIsReady);

      view.type("make a file\r");
      await card.getByText("touch first.txt").waitFor();
      await card.getByRole("button", { name: "Allow: Files" }).click();
      await until(() => existsSync(join(home.cwd, "first.txt")), "the file that it was allowed to make");
      await card.waitFor({ state: "detached" });
      await rowSaying(editor, "Files, claude, idle").waitFor();

      view.type("ask me\r");
      await card.getByRole("radio", { name: /Blue/ }).check();
      await card.getByRole("button", { name: "Send Answer: Files" }).click();
      await view.screen.untilShows("Blue it is.");
      await rowSaying(editor, "Files, claude, idle").waitFor();
    } finally {
      client.dispose();
      await editor.dispose();
    }
  });
});
