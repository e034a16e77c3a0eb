import type { Frame, Page } from "playwright-core";
import { traceCategories } from "./dashboard-trace.ts";

/** What these functions use of a page, in which they run. */
interface PageNode {
  readonly textContent: string | null;
  readonly parentElement: PageNode | null;
  matches(selector: string): boolean;
}
interface PageGlobals {
  document: {
    body: PageNode;
    querySelector(selector: string): PageNode | null;
    querySelectorAll(selector: string): { length: number };
  };
  MutationObserver: new (onChange: (records: { target: PageNode }[]) => void) => {
    observe(node: PageNode, options: object): void;
    disconnect(): void;
  };
  redrawnRows?: number;
}

/** Bytes of JavaScript in the window's process, after a collection. */
export async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send("HeapProfiler.enable");
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    return usedSize;
  } finally {
    await session.detach();
  }
}

/** What the browser writes down of what its threads do meanwhile. */
export async function traced(page: Page, work: () => Promise<void>): Promise<string> {
  const browser = page.context().browser();
  if (!browser) throw new Error("This page has no browser of its own.");
  await browser.startTracing(page, { categories: traceCategories });
  await work();
  return (await browser.stopTracing()).toString("utf8");
}

const PATIENCE_MS = 60_000;

/** Resolves with the time at which the frame says this, in fractions of a millisecond; rejects when it does not in a long time. */
export function untilSaid(frame: Frame, text: string): Promise<number> {
  const look = ({ wanted, patienceMs }: { wanted: string; patienceMs: number }) => {
    const page = globalThis as unknown as PageGlobals;
    return new Promise<number>((resolve, reject) => {
      const giveUp = setTimeout(() => {
        observer.disconnect();
        reject(new Error(`"${wanted}" was not shown within ${patienceMs} ms.`));
      }, patienceMs);
      const observer = new page.MutationObserver(() => {
        if (!page.document.body.textContent?.includes(wanted)) return;
        observer.disconnect();
        clearTimeout(giveUp);
        resolve(performance.timeOrigin + performance.now());
      });
      observer.observe(page.document.body, { childList: true, subtree: true, characterData: true });
    });
  };
  return frame.evaluate(look, { wanted: text, patienceMs: PATIENCE_MS });
}

/** Counts the rows of a tree view that are drawn anew from now on: each once for every time that the editor draws. */
export async function countRedraws(page: Page, view: string) {
  const tree = `.tree-explorer-viewlet-tree-view [role="tree"][aria-label="${view}"]`;
  await page.evaluate((selector) => {
    const { document, MutationObserver, ...own } = globalThis as unknown as PageGlobals;
    const list = document.querySelector(selector);
    if (!list) throw new Error("The tree is not shown.");
    Object.assign(globalThis, { redrawnRows: own.redrawnRows ?? 0 });
    const rowOf = (node: PageNode | null): PageNode | null =>
      node === null || node.matches(".monaco-list-row") ? node : rowOf(node.parentElement);
    new MutationObserver((records) => {
      const rows = new Set(records.flatMap(({ target }) => rowOf(target) ?? []));
      (globalThis as unknown as PageGlobals).redrawnRows! += rows.size;
    }).observe(list, { childList: true, subtree: true, characterData: true });
  }, tree);
  return {
    count: () =>
      page.evaluate((selector) => {
        const page = globalThis as unknown as PageGlobals;
        return {
          rows: page.redrawnRows ?? 0,
          visible: page.document.querySelectorAll(`${selector} .monaco-list-row`).length,
        };
      }, tree),
  };
}
