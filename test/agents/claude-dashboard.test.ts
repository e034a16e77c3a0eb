import { existsSync } from "node:fs";
import { join } from "node:path";
import { asksForColour, newestClaude, withClaudeInEditor } from "../support/editor/claude-in-editor.ts";
import { openDashboard } from "../support/editor/dashboard.ts";
import { says, usesTool } from "../support/loopback-api/answers.ts";
import { until } from "../support/until.ts";

const answers = [
  usesTool("Bash", { command: "touch first.txt", description: "Make a file" }),
  says("It is made."),
  asksForColour,
  says("Blue it is."),
];

describe(`Claude Code ${newestClaude}, answered on the dashboard`, () => {
  it("goes on with what was allowed and chosen there", () =>
    withClaudeInEditor(answers, async ({ editor, view, cwd, untilIdle, untilReady }) => {
      const page = await openDashboard(editor);
      const card = page.getByRole("article", { name: "Files" });
      await untilReady();

      view.type("make a file\r");
      await card.getByText("touch first.txt").waitFor();
      await card.getByRole("button", { name: "Allow: Files" }).click();
      await until(() => existsSync(join(cwd, "first.txt")), "the file that it was allowed to make");
      await card.waitFor({ state: "detached" });
      await untilIdle();

      view.type("ask me\r");
      await card.getByRole("radio", { name: /Blue/ }).check();
      await card.getByRole("button", { name: "Send Answer: Files" }).click();
      await view.screen.untilShows("Blue it is.");
      await untilIdle();
    }));
});
