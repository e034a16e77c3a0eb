import { join } from "node:path";
import type { Page } from "playwright-core";
import { launchChromium } from "../../../scripts/editor/chromium.ts";
import { launchEditor } from "../../../scripts/editor/launch.ts";
import { quietSettings, readableScreen } from "../../../scripts/editor/settings.ts";
import { makeThrowaway } from "../../../scripts/editor/throwaway.ts";
import { openWorkbench, type Workbench } from "../../../scripts/editor/workbench.ts";
import { repository } from "../../../scripts/progress.mjs";
import { makeSampleProject } from "../../../scripts/sample.ts";
import { cleanEnvironment, type NodeOnPath } from "./environment.ts";
import { EditorErrors } from "./editor-errors.ts";
import { watchForFailures } from "./failure-screenshots.ts";
import { packagedTally } from "./packaged.ts";

export interface EditorOptions {
  /** The folder to open. Default: a small git repository of its own. */
  readonly folder?: string;
  /** `$TALLY_HOME`. Default: one of its own, whose gateway and pty hosts end with the editor. */
  readonly home?: string;
  /** True for workspace trust as users have it: an unknown folder opens in Restricted Mode. Default: all is trusted. */
  readonly workspaceTrust?: boolean;
  /** Default: dark. An editor that runs an extension in development shows its default theme instead. */
  readonly theme?: "dark" | "light";
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to an environment that is otherwise made from nothing. */
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOnPath?: NodeOnPath;
  /** Tally from its package, as users have it; or from the working tree, which starts faster. */
  readonly extension?: "vsix" | "development";
}

export interface OpenEditor extends Workbench {
  readonly folder: string;
  readonly tallyHome: string;
  readonly dataDir: string;
  /** Opens another window of the same editor. */
  window2: () => Promise<Workbench>;
  /**
   * Closes the windows, ends the editor and all that it started, and removes its folders.
   * @throws naming the errors that the editor or Tally has logged meanwhile
   */
  dispose: () => Promise<void>;
}

/** Opens a real editor with Tally in it, and a window to work in. */
export async function openEditor(options: EditorOptions = {}): Promise<OpenEditor> {
  const { extension = "vsix", nodeOnPath = "machine", workspaceTrust = false, theme = "dark" } = options;
  const throwaway = makeThrowaway();
  const closers: (() => Promise<void>)[] = [throwaway.remove];
  const dispose = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const folder = options.folder ?? join(throwaway.root, "sample");
    if (options.folder === undefined) await makeSampleProject(folder);
    const tallyHome = options.home ?? throwaway.tallyHome;
    const editor = await launchEditor({
      dataDir: join(throwaway.root, "editor"),
      settings: { ...quietSettings({ theme, workspaceTrust }), ...readableScreen, ...options.settings },
      env: cleanEnvironment({ root: throwaway.root, tallyHome, node: nodeOnPath, more: options.env ?? {} }),
      ...(extension === "vsix" && { vsix: await packagedTally() }),
    });
    closers.push(editor.stop);
    const browser = await launchChromium();
    closers.push(() => browser.close());
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: theme });
    const errors = new EditorErrors(context);

    const url = extension === "vsix" ? editor.url(folder) : editor.developmentUrl(folder, repository);
    const newWindow = async () => {
      const page: Page = await context.newPage();
      closers.push(watchForFailures(page));
      return openWorkbench(page, url);
    };
    const first = await newWindow();
    const disposeAndJudge = async () => {
      const said = await errors.all(editor.dataDir, tallyHome).catch(async (error: unknown) => {
        // Nothing is left running, and what went wrong first is what is told.
        await dispose().catch(() => undefined);
        throw error;
      });
      await dispose();
      if (said.length > 0) throw new Error(`The editor or Tally logged errors:\n${said.join("\n")}`);
    };
    return { ...first, folder, tallyHome, dataDir: editor.dataDir, window2: newWindow, dispose: disposeAndJudge };
  } catch (error) {
    await dispose();
    throw error;
  }
}
