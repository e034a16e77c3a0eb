import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { tallyHome } from "../../../src/protocol/home.ts";

/** What the embedded editor says of itself in any run, and why it is no fault of ours. */
const harmless: readonly { readonly said: RegExp; readonly because: string }[] = [
  {
    said: /status of 404 .*\/(vsda\/|update\/check|favicon)/,
    because: "the open build has no signer of Microsoft's, no updates and no icon",
  },
  {
    said: /Service Worker\] registration|A bad HTTP response code \(404\)/,
    because: "this server has no service worker",
  },
  { said: /Timed out waiting for authentication provider/, because: "nobody is signed in anywhere" },
  {
    said: /\[lifecycle\] Long running operations during shutdown/,
    because: "said by parts of the editor at any reload",
  },
  { said: /Aborted onWillSaveTextDocument-event/, because: "on a busy machine its extensions are late for a save" },
  {
    said: /TreeError \[tally\.sessions\] Data tree node not found/,
    because:
      "its lists look for the row that has the focus while they take that away (all of the stack is the editor's)",
  },
  {
    said: /starting extension host \(kind: LocalWebWorker\)/,
    because: "the editor's other extension host, on a busy machine; Tally is not in it",
  },
  { said: /open-vsx\.org/, because: "no test needs the marketplace, and there may be no way to it" },
  { said: /\bCanceled: Canceled\b/, because: "what the editor had under way when its page went" },
  {
    said: /Throttler is disposed|'abort' on 'IDBTransaction'|IndexedDB database '[\w-]+' is closed/,
    because: "the same, said by its stores",
  },
];

/** Collects what goes wrong in any frame of any window: what is logged as an error, thrown, or rejected with nobody to handle it. */
export class EditorErrors {
  readonly #context: BrowserContext;
  readonly #said: string[] = [];

  constructor(context: BrowserContext) {
    this.#context = context;
    context.on("console", (message) => {
      if (message.type() === "error") this.#said.push(`${message.text()} ${message.location().url}`);
    });
    context.on("weberror", (thrown) => this.#said.push(thrown.error().stack ?? thrown.error().message));
  }

  /** Those of the pages, of the extension host and its Tally channel, and of the gateway and the pty hosts of this home. */
  async all(dataDir: string, home: string): Promise<string[]> {
    // A rejection is told only once nobody has handled it in this turn.
    const nextTurn = () => new Promise((resolve) => setTimeout(resolve));
    await Promise.allSettled(this.#context.pages().map((page) => page.evaluate(nextTurn)));
    const files = tallyHome({ ...process.env, TALLY_HOME: home });
    const logged = [
      ...entriesIn(join(dataDir, "data", "logs"), /\bexthost\d*\.log$/, /\[error\][^]*\btally(?!-try)/i),
      ...entriesIn(join(dataDir, "data", "logs"), /\bTally\.log$/, /\[error\]/),
      ...entriesIn(files.logs, /\.log$/, /^\S+ (ERROR|\[\d+\] (error|uncaught exception|unhandled rejection))\b/),
    ];
    return [...this.#said, ...logged].filter((said) => !harmless.some((each) => each.said.test(said)));
  }
}

/** An entry begins with its time, and may have more lines. */
function entriesIn(folder: string, file: RegExp, entry: RegExp): string[] {
  return filesIn(folder)
    .filter((path) => file.test(path))
    .flatMap((path) => readFileSync(join(folder, path), "utf8").split(/^(?=\d{4}-\d\d-\d\d[ T])/m))
    .filter((text) => entry.test(text));
}

/** None where nothing was ever logged. */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}
