import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launchChromium } from "./editor/chromium.ts";
import { cacheFolder } from "./editor/install.ts";
import { onScreen, startDemoSession } from "./editor/tally.ts";
import { openWorkbench } from "./editor/workbench.ts";

const title = "Smoke";

/**
 * Tries Tally as a stranger would: opens the editor, starts the demo agent, looks at the tree and at the terminal.
 * Leaves a screenshot, of the end or of what went wrong. @throws with one message that says which step failed.
 */
export async function smoke(url: string): Promise<void> {
  mkdirSync(cacheFolder, { recursive: true });
  const screenshot = join(cacheFolder, "smoke.png");
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: "dark" });
    let doing = "";
    const say = (what: string) => {
      doing = what;
      console.log(`- ${what}`);
    };
    try {
      say("open the editor");
      const workbench = await openWorkbench(page, url);
      say(`run "${onScreen.newSession}" with the ${onScreen.demoAgent.toLowerCase()}`);
      await startDemoSession(workbench, title);
      say("see the demo agent's greeting in its terminal");
      await workbench.untilTerminalShows(onScreen.demoGreeting);
      say("see the session in the tree");
      await workbench.openViews(onScreen.container);
      await workbench.treeRow(onScreen.view, title).waitFor();
    } catch (error) {
      const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
      throw new Error(`Smoke test failed at: ${doing}. ${reason} See ${screenshot}`, { cause: error });
    } finally {
      await page.screenshot({ path: screenshot });
    }
    console.log(`Smoke test passed. ${screenshot}`);
  } finally {
    await browser.close();
  }
}
