import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ensureGateway } from "../src/client/ensure-gateway.ts";
import { GatewayClient } from "../src/client/http.ts";
import { tallyHome } from "../src/protocol/home.ts";
import { openEditor } from "../test/support/editor/open-editor.ts";
import { viewSession } from "../test/support/session-view.ts";
import { onScreen } from "./editor/tally.ts";
import { repository } from "./progress.mjs";

/** Takes the README's pictures, in both themes, of the real editor with sessions in several states. */
const pictures = join(repository, "media", "readme");

/** What the demo agent is told, so that each session is in another state. */
const scene = [
  { title: "Fix the cart's rounding", prompt: "ask for permission" },
  { title: "Migrate the database", prompt: "take a long time" },
  { title: "Translate the checkout", prompt: "a question, please" },
  { title: "Update the docs", prompt: "hello" },
] as const;

async function playScene(client: GatewayClient, cwd: string, env: Record<string, string>): Promise<void> {
  for (const { title, prompt } of scene) {
    const body = { agent: "demo", title, cwd, env, cols: 100, rows: 16 };
    const { session } = await client.call("createSession", { body });
    using view = viewSession(client, session.id, { cols: 100, rows: 16 });
    await view.screen.untilShows("Say anything");
    view.type(`${prompt}\r`);
    await view.screen.untilShows(prompt);
  }
  await client.call("upsertTask", {
    body: {
      project: { repoPath: cwd },
      task: { id: "nightly", agent: "aider", title: "Nightly dependency update", state: "BLOCKED" },
    },
  });
}

for (const theme of ["dark", "light"] as const) {
  const editor = await openEditor({ theme });
  try {
    const env = { PATH: process.env["PATH"] ?? "", TALLY_HOME: editor.tallyHome };
    const gateway = { home: tallyHome(env), env, folder: repository };
    const client = new GatewayClient(() => ensureGateway(gateway));
    await playScene(client, editor.folder, env);
    client.dispose();
    await editor.openViews(onScreen.container);
    const row = (label: RegExp) => editor.page.getByRole("treeitem", { name: label }).first();
    await row(/^Translate the checkout, demo, waiting/).waitFor();
    await row(/^Fix the cart's rounding, demo, waiting/).click();
    await editor.untilTerminalShows("May I run");
    mkdirSync(pictures, { recursive: true });
    await editor.screenshot(join(pictures, `sessions-${theme}.png`));
  } finally {
    await editor.dispose();
  }
}
