import { onScreen } from "../../scripts/editor/tally.ts";
import { openEditor } from "../support/editor/open-editor.ts";
import { clientOf } from "../support/gateway.ts";
import { type Figure, figure, type Measurement } from "./figure.ts";
import { median, p95 } from "./statistics.ts";

const POSTS = 40;

export const treeLatency: Measurement = {
  name: "tree",
  about: `${POSTS} tasks posted by one client, until each is a row of the tree in a second window`,
  async run(): Promise<Figure[]> {
    const editor = await openEditor();
    const client = clientOf({ PATH: process.env["PATH"] ?? "", TALLY_HOME: editor.tallyHome });
    const post = (title: string) =>
      client.call("upsertTask", {
        body: { project: { repoPath: editor.folder }, task: { id: "bench", agent: "bench", title } },
      });
    try {
      await post("A task");
      const second = await editor.window2();
      await second.openViews(onScreen.container);
      await second.treeRow(onScreen.view, "A task").waitFor();
      const shownAfterMs: number[] = [];
      for (let n = 0; n < POSTS; n++) {
        const title = `Task number ${n}.`;
        const shownAt = second.page.evaluate(untilShown, title);
        // The page must be looking before there is anything to see.
        await second.page.evaluate(() => undefined);
        const postedAt = Date.now();
        await post(title);
        shownAfterMs.push((await shownAt) - postedAt);
      }
      const detail = `the page's own clock, on the same machine; worst ${Math.max(...shownAfterMs).toFixed(0)} ms`;
      return [
        figure({
          label: "post to the second window's tree, median",
          value: median(shownAfterMs),
          unit: "ms",
          detail,
          below: 100,
        }),
        figure({
          label: "post to the second window's tree, 95th percentile",
          value: p95(shownAfterMs),
          unit: "ms",
          detail,
        }),
      ];
    } finally {
      client.dispose();
      await editor.dispose();
    }
  },
};

/** Runs in the page: resolves with the time at which a row of the tree shows the text. */
function untilShown(text: string): Promise<number> {
  const page = globalThis as unknown as {
    document: { body: { textContent: string | null } };
    MutationObserver: new (onChange: () => void) => {
      observe(node: object, options: object): void;
      disconnect(): void;
    };
  };
  return new Promise((resolve) => {
    const observer = new page.MutationObserver(() => {
      if (!page.document.body.textContent?.includes(text)) return;
      observer.disconnect();
      resolve(Date.now());
    });
    observer.observe(page.document.body, { childList: true, subtree: true, characterData: true });
  });
}
