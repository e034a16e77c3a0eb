import { join } from "node:path";
import { format } from "node:util";
import type { Page } from "playwright-core";
import { repository } from "../progress.mjs";
import { makeSampleProject } from "../sample.ts";
import { launchChromium } from "./chromium.ts";
import { userEnvironment } from "./environment.ts";
import { launchEditor } from "./launch.ts";
import { quietSettings } from "./settings.ts";
import { testsBegin } from "./tests-begin.ts";
import { makeThrowaway } from "./throwaway.ts";

/** What `esbuild.mjs --tests` makes of test/editor/index.ts. */
export const testBundle = join(repository, "dist", "test", "editor", "index.cjs");

/** The longest that a whole run may take; its tests have limits of their own. */
const timeoutMs = 5 * 60_000;

/**
 * Runs test/editor in the extension host of an embedded editor, with Tally loaded from the working tree.
 * @param log gets what the tests print.
 * @returns the exit code: 0 when all tests passed.
 */
export async function runInEditorTests(log: (text: string) => void): Promise<number> {
  const throwaway = makeThrowaway();
  const closers: (() => Promise<void>)[] = [throwaway.remove];
  try {
    const project = join(throwaway.root, "sample");
    await makeSampleProject(project);
    const editor = await launchEditor({
      dataDir: join(throwaway.root, "editor"),
      settings: quietSettings(),
      env: userEnvironment(throwaway.tallyHome),
    });
    closers.push(editor.stop);
    const browser = await launchChromium();
    closers.push(() => browser.close());
    const page = await browser.newPage();

    // The workbench calls these two by name when it was opened with a module of tests.
    const talk = quietUntilTestsBegin(log);
    await page.exposeFunction("codeAutomationLog", (_type: string, args: unknown[]) =>
      talk.add(`${format(...args)}\n`),
    );
    const exit = deferredExit(page);
    await page.exposeFunction("codeAutomationExit", exit.resolve);
    await page.goto(editor.developmentUrl(project, repository, testBundle));
    const exitCode = await exit.code.catch((error: unknown) => {
      log(`${String(error)}\n`);
      return 1;
    });
    if (exitCode !== 0) talk.revealPreamble();
    return exitCode;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** Holds back what the workbench says before the tests; it tells why, when they do not even begin. */
function quietUntilTestsBegin(log: (text: string) => void) {
  let preamble: string[] | undefined = [];
  return {
    add(text: string): void {
      if (text.startsWith(testsBegin)) preamble = undefined;
      else if (preamble) preamble.push(text);
      else log(text);
    },
    revealPreamble: () => preamble?.forEach(log),
  };
}

/** Settles when the tests end, and fails when they cannot any more. */
function deferredExit(page: Page): { code: Promise<number>; resolve: (code: number) => void } {
  let resolve: (code: number) => void = () => undefined;
  const code = new Promise<number>((settle, reject) => {
    const tooLong = () => reject(new Error(`The in-editor tests did not end within ${timeoutMs / 1_000} s.`));
    const timeout = setTimeout(tooLong, timeoutMs).unref();
    page.once("crash", () => reject(new Error("The editor's window crashed.")));
    resolve = (exitCode) => {
      clearTimeout(timeout);
      settle(exitCode);
    };
  });
  return { code, resolve };
}
