import { setTimeout as delay } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";

/** What a person can do in one window of the editor, in words. Every call waits for the screen to be ready for it. */
export interface Workbench {
  readonly page: Page;
  /** Runs a command by the title that the command palette shows. */
  palette: (title: string) => Promise<void>;
  /** Lists the commands with these words in the palette. */
  listCommands: (words: string) => Promise<void>;
  /** Chooses the item of the open quick pick that is labelled so. */
  pickItem: (label: string) => Promise<void>;
  /** Answers the open input box; without a text it accepts what the box proposes. */
  typeInInput: (text?: string) => Promise<void>;
  /** Opens a view container by the name on its icon in the activity bar. */
  openViews: (container: string) => Promise<void>;
  /** The rows of a tree view, top to bottom, as a screen reader announces them. */
  treeRows: (view: string) => Promise<string[]>;
  /** One row of a tree view, to click or to hover. */
  treeRow: (view: string, text: string | RegExp) => Locator;
  /** The text on the screen of the visible terminal. Needs `readableScreen` settings. */
  terminalText: () => Promise<string>;
  /** Waits until the visible terminal shows this. Fails with what it shows instead. */
  untilTerminalShows: (text: string, withinMs?: number) => Promise<void>;
  /** Types into the visible terminal, key by key. */
  typeInTerminal: (text: string) => Promise<void>;
  /** Reloads the window as a browser does, and waits until the workbench is back. */
  reload: () => Promise<void>;
  /** Reloads the window by the editor's own command, which writes down first what it shows and what pages have saved. */
  reloadByCommand: () => Promise<void>;
  screenshot: (file: string) => Promise<void>;
}

/** How long a person would wait before thinking that it does not work. */
const patienceMs = 20_000;
/** How long before a person would try once more. */
const tryAgainMs = 3_000;

const quickInput = ".quick-input-widget:visible";

/** Opens `url` in `page` and waits for the workbench. */
export async function openWorkbench(page: Page, url: string): Promise<Workbench> {
  page.setDefaultTimeout(patienceMs);
  await page.goto(url);
  await ready(page);

  const picks = page.locator(`${quickInput} .monaco-list-row`);
  const pick = (label: string) => picks.filter({ has: exactly(page, ".label-name", label) }).first();
  const notOffered = async (label: string) => {
    const offered = await picks.locator(".label-name").allTextContents();
    return new Error(`There is no "${label}" to pick, but: ${offered.join(", ") || "nothing"}.`);
  };
  const tree = (view: string) => page.getByRole("tree", { name: view });
  const rows = (view: string) => tree(view).getByRole("treeitem");

  /** Whether it is open now: a key goes nowhere while the keyboard is in a page that is still being loaded. */
  const openPalette = async (words: string) => {
    const box = page.locator(`${quickInput} input`).first();
    await page.keyboard.press("F1");
    return (await appears(box, tryAgainMs)) && succeeds(box.fill(`>${words}`, { timeout: tryAgainMs }));
  };

  const palette = async (title: string) => {
    // The palette lists what was enabled when it opened, so a command whose time has yet to come needs another look.
    for (const deadline = Date.now() + patienceMs; Date.now() < deadline;) {
      if (!(await openPalette(title))) continue;
      if ((await appears(pick(title), tryAgainMs)) && (await succeeds(pick(title).click({ timeout: tryAgainMs }))))
        return;
      if (Date.now() + tryAgainMs < deadline) await page.keyboard.press("Escape");
    }
    throw await notOffered(title);
  };

  return {
    page,
    palette,
    listCommands: async (words) => {
      for (const deadline = Date.now() + patienceMs; !(await openPalette(words));) {
        if (Date.now() > deadline) throw new Error("The palette does not open.");
      }
    },
    pickItem: async (label) => {
      if (!(await appears(pick(label), patienceMs))) throw await notOffered(label);
      await pick(label).click();
    },
    typeInInput: async (text) => {
      const box = page.locator(`${quickInput}:not(:has(.quick-input-list:visible)) .quick-input-box input`);
      await box.waitFor();
      if (text !== undefined) await box.fill(text);
      await box.press("Enter");
    },
    openViews: async (container) => {
      const tab = page
        .locator(".activitybar")
        .getByRole("tab")
        .filter({ has: page.locator(`[aria-label^="${container}"]`) });
      if ((await tab.getAttribute("aria-selected")) !== "true") await tab.click();
    },
    treeRows: async (view) => {
      await tree(view).waitFor();
      return rows(view).evaluateAll(labels);
    },
    treeRow: (view, text) => rows(view).filter({ hasText: text }).first(),
    terminalText: () => terminalText(page),
    untilTerminalShows: async (text, withinMs = patienceMs) => {
      const deadline = Date.now() + withinMs;
      while (Date.now() < deadline) {
        if ((await terminalText(page)).includes(text)) return;
        await delay(50);
      }
      throw new Error(
        `The terminal does not show ${JSON.stringify(text)}, but: ${JSON.stringify(await terminalText(page))}.`,
      );
    },
    typeInTerminal: async (text) => {
      await page.locator(".terminal-wrapper.active .xterm-helper-textarea").focus();
      await page.keyboard.type(text);
    },
    reload: async () => {
      await page.reload();
      await ready(page);
    },
    reloadByCommand: async () => {
      const isLoaded = page.waitForEvent("domcontentloaded", { timeout: 2 * patienceMs });
      await palette("Developer: Reload Window");
      await isLoaded;
      await ready(page);
    },
    screenshot: async (file) => {
      await page.screenshot({ path: file });
    },
  };
}

/** The status bar is drawn last; the colour theme is an extension, so the workbench carries its name once those are known. */
async function ready(page: Page): Promise<void> {
  const themed = page.locator('.monaco-workbench[class*="theme-defaults"]');
  await themed.locator(".part.statusbar .statusbar-item").first().waitFor({ timeout: 60_000 });
}

/** Runs in the page. */
function labels(elements: { getAttribute: (name: string) => string | null }[]): string[] {
  return elements.map((element) => element.getAttribute("aria-label") ?? "");
}

/** Whether it is seen in this time. */
export function appears(locator: Locator, timeoutMs: number): Promise<boolean> {
  return succeeds(locator.waitFor({ timeout: timeoutMs }));
}

function succeeds(tried: Promise<void>): Promise<boolean> {
  return tried.then(
    () => true,
    () => false,
  );
}

function exactly(page: Page, selector: string, text: string): Locator {
  const literal = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return page.locator(selector, { hasText: new RegExp(`^\\s*${literal}\\s*$`) });
}

/** The empty cells of the screen are no-break spaces. */
async function terminalText(page: Page): Promise<string> {
  const lines = await page.locator(".terminal-wrapper.active .xterm-rows > div").allTextContents();
  return lines
    .map((line) => line.replaceAll("\u00a0", " ").trimEnd())
    .join("\n")
    .trimEnd();
}
