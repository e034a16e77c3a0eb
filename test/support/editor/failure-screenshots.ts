import { join } from "node:path";
import type { Page } from "playwright-core";
import { cacheFolder } from "../../../scripts/editor/install.ts";

const watched = new Set<Page>();

/** From now on, a test that fails leaves a screenshot of this page. @returns what ends the watch. */
export function watchForFailures(page: Page): () => Promise<void> {
  watched.add(page);
  return () => {
    watched.delete(page);
    return Promise.resolve();
  };
}

/** Mocha's root hooks: `.cache/e2e/<test>.png`, one file a window. */
export const mochaHooks: Mocha.RootHookObject = {
  async afterEach(this: Mocha.Context) {
    if (this.currentTest?.state !== "failed") return;
    const name = this.currentTest.fullTitle().replaceAll(/[^\w]+/g, "-");
    const pages = [...watched].filter((page) => !page.isClosed());
    for (const [index, page] of pages.entries()) {
      const path = join(cacheFolder, "e2e", `${name}${index > 0 ? `-${index + 1}` : ""}.png`);
      await page.screenshot({ path });
      console.error(`      screenshot: ${path}`);
    }
  },
};
