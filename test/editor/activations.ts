import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";
import { compileFunction, runInNewContext } from "node:vm";
import * as vscode from "vscode";
import { until } from "../support/until.ts";

/** What the bundle exports. */
interface Extension {
  activate(context: vscode.ExtensionContext): void;
  deactivate?(): unknown;
}

/** One life of the extension. */
export interface Activation {
  readonly context: vscode.ExtensionContext;
  untilConnected(): Promise<void>;
  dispose(): void;
}

type Call = (...args: unknown[]) => unknown;
type Members = Readonly<Record<string, unknown>>;

/** What hands out things that are to be disposed of. Terminals are not among them: they stay over a reload on purpose. */
const registers =
  /^(register|on[A-Z]|create(TreeView|StatusBarItem|OutputChannel|WebviewPanel|QuickPick|InputBox|FileSystemWatcher))/;
const namespaces: ReadonlySet<string> = new Set(["commands", "window", "workspace", "languages", "env", "extensions"]);

/** The editor takes these names once, and the extension that it runs itself has them. */
const pretended: ReadonlySet<string> = new Set([
  "createTreeView",
  "registerTerminalProfileProvider",
  "registerUriHandler",
  "registerWebviewPanelSerializer",
  "registerWebviewViewProvider",
]);

/** What the editor knows by its name: a log that is closed under one name is closed for whoever else has it. */
const namedOnce: ReadonlySet<string> = new Set(["registerCommand", "createOutputChannel"]);

/** The extension's bundle once more, beside the one that the editor runs; what it registers with the editor is counted. */
export class SecondTally {
  readonly #extension: Extension;
  /** What was registered and is not disposed of, and by which function. */
  readonly #registered = new Map<object, string>();
  readonly #log: string[] = [];

  constructor() {
    const file = vscode.Uri.joinPath(ofEditor().extensionUri, "dist", "extension.cjs").fsPath;
    const requireFrom = createRequire(file);
    const editor: unknown = this.#countedEditor();
    const module = { exports: {} };
    const load = compileFunction(readFileSync(file, "utf8"), ["module", "exports", "require", "__filename"]) as Call;
    load(module, module.exports, (id: string) => (id === "vscode" ? editor : (requireFrom(id) as unknown)), file);
    this.#extension = module.exports as Extension;
  }

  get registered(): readonly string[] {
    return [...this.#registered.values()];
  }

  activate(): Activation {
    const context = newContext();
    this.#log.length = 0;
    this.#extension.activate(context);
    return {
      context,
      untilConnected: () => until(() => this.#log.includes("gateway: connected"), "the extension to find its gateway"),
      dispose: () => {
        this.#extension.deactivate?.();
        for (const each of context.subscriptions) each.dispose();
      },
    };
  }

  #countedEditor(): Members {
    const counted = (name: string, api: unknown) =>
      namespaces.has(name) ? this.#countedNamespace(api as Members) : api;
    return Object.fromEntries(Object.entries(vscode).map(([name, api]) => [name, counted(name, api)]));
  }

  #countedNamespace(api: Members): object {
    return new Proxy(
      {},
      {
        get: (_, name: string) => {
          const member = api[name];
          if (typeof member !== "function" || !registers.test(name)) return member;
          return (...args: unknown[]) => this.#count(name, make(api, name, args));
        },
      },
    );
  }

  #count(name: string, made: object): object {
    const dispose = () => {
      this.#registered.delete(counted);
      (made as vscode.Disposable).dispose();
    };
    const info = (text: string) => this.#log.push(text);
    const own: Members = name === "createOutputChannel" ? { dispose, info } : { dispose };
    const counted = new Proxy(
      {},
      {
        get: (_, member: string) => {
          const value = own[member] ?? (made as Members)[member];
          return typeof value === "function" ? (...args: unknown[]) => (value as Call).apply(made, args) : value;
        },
        set: (_, member: string, value: unknown) => Reflect.set(made, member, value),
      },
    );
    this.#registered.set(counted, name);
    return counted;
  }
}

function make(api: Members, name: string, args: readonly unknown[]): object {
  if (name === "createTreeView") return pretendedView();
  if (pretended.has(name)) return new vscode.Disposable(() => undefined);
  const itsArgs = namedOnce.has(name) ? [`second.${String(args[0])}`, ...args.slice(1)] : args;
  return (api[name] as Call)(...itsArgs) as object;
}

/** A view that is there, and in which nobody does anything. */
function pretendedView(): Members {
  const event = () => new vscode.Disposable(() => undefined);
  return {
    visible: true,
    selection: [],
    onDidChangeVisibility: event,
    onDidChangeSelection: event,
    onDidChangeCheckboxState: event,
    onDidExpandElement: event,
    onDidCollapseElement: event,
    reveal: () => Promise.resolve(),
    dispose: () => undefined,
  };
}

function ofEditor(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension("tally.tally");
  if (!extension) throw new Error("tally.tally is not installed");
  return extension;
}

function newContext(): vscode.ExtensionContext {
  const extension = ofEditor();
  const { extensionUri, extensionPath } = extension;
  const context: Partial<vscode.ExtensionContext> = {
    subscriptions: [],
    extension,
    extensionUri,
    extensionPath,
    workspaceState: newMemento(),
    globalState: newMemento(),
    environmentVariableCollection: unusedVariables(),
  };
  return context as vscode.ExtensionContext;
}

function newMemento(): vscode.ExtensionContext["globalState"] {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, otherwise?: T) => (values.has(key) ? (values.get(key) as T) : (otherwise as T)),
    update: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
    setKeysForSync: () => undefined,
  };
}

/** The shells of this editor get their variables from the extension that it runs itself. */
function unusedVariables(): vscode.GlobalEnvironmentVariableCollection {
  return new Proxy({}, { get: () => () => undefined }) as vscode.GlobalEnvironmentVariableCollection;
}

/** What `node --expose-gc` gives, in a host that was started without it. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
