/** What the person's arguments say of opencode's terminal UI. */
export interface TerminalUi {
  /** The conversation that they resume by its id. A fork of one gets an id of its own. */
  readonly conversationId: string | null;
  /** The HTTP server that they ask for by themselves. */
  readonly server: { readonly port: number | null; readonly hostname: string | null } | null;
}

/** Commands of 1.18.33, those that its help hides included. `opencode <word>` with any other word opens that folder. */
const commands = new Set(
  (
    "completion acp mcp attach run debug providers auth agent upgrade uninstall serve web models stats export import " +
    "github pr session plugin plug db generate console account mini"
  ).split(" "),
);

const valued = new Set(
  "--log-level --port --hostname --mdns-domain --model -m --session -s --prompt --agent".split(" "),
);
const flags = new Set(
  "--print-logs --pure --mdns --no-mdns --continue -c --fork --auto --yolo --dangerously-skip-permissions".split(" "),
);
/** Options of `opencode run` that take the next word. */
const valuedOfRun = new Set([
  ...valued,
  ..."--command --format --file -f --title --attach --password -p --username -u --dir --variant".split(" "),
]);

/** Commands that ask a model; `opencode` without one does, too. */
const withModel = new Set("run mini attach acp pr github".split(" "));
const onlyTells = new Set(["-h", "--help", "-v", "--version"]);

/**
 * Reads arguments of `opencode`, as yargs does.
 * @param isFolder whether a word names a folder, as seen from where opencode starts.
 * @returns null when they do not start the terminal UI, or when it is not certain that they do: `--mini` takes no server.
 */
export function readArguments(args: readonly string[], isFolder: (path: string) => boolean): TerminalUi | null {
  const { options, words, unknown } = parse(args);
  const [folder] = words;
  if (unknown.length > 0 || words.length > 1) return null;
  if (folder !== undefined && (commands.has(folder) || !isFolder(folder))) return null;
  return { conversationId: conversationOf(options), server: serverOf(options) };
}

/** The model that the arguments name, and whether they ask any. */
export function modelOf(args: readonly string[]): { readonly model: string | null; readonly usesModel: boolean } {
  const { options, words, unknown } = parse(args);
  const [command = ""] = words;
  return {
    model: (options.get("--model") ?? options.get("-m")) || null,
    usesModel: !unknown.some((name) => onlyTells.has(name)) && (!commands.has(command) || withModel.has(command)),
  };
}

/** Options that say which conversation it is, or what it begins with. */
const ofThatLaunch = new Set("--session -s --continue -c --fork --prompt".split(" "));

/** Arguments of the terminal UI that go on with a conversation as it was launched. Null where something else was launched. */
export function resumeArguments(conversationId: string, launchedWith: readonly string[]): string[] | null {
  const { typed, words, unknown } = parse(launchedWith);
  if (words.length > 1 || commands.has(words[0] ?? "") || unknown.length > 0) return null;
  const kept = typed.filter(({ name }) => name === null || !ofThatLaunch.has(name));
  return [...kept.flatMap((each) => each.words), "-s", conversationId];
}

/** What is ours in a run without a person. */
const ofHeadlessRun = new Set([...ofThatLaunch, "--format", "--interactive", "-i", "--command"]);

/** Arguments that work at the prompt on standard input, and tell of it line by line. @param conversationId null: a new one. */
export function headlessArguments(conversationId: string | null, args: readonly string[]): string[] {
  const kept = parse(args, valuedOfRun)
    .typed.filter(({ name }) => name !== null && !ofHeadlessRun.has(name))
    .flatMap(({ words }) => words);
  return ["run", "--format", "json", ...kept, ...(conversationId === null ? [] : ["--session", conversationId])];
}

interface Parsed {
  readonly options: ReadonlyMap<string, string>;
  readonly words: readonly string[];
  /** Options that the terminal UI does not have. */
  readonly unknown: readonly string[];
  /** Each option with its value, and each other word; `name` is the option's. */
  readonly typed: readonly { readonly name: string | null; readonly words: readonly string[] }[];
}

/** @param takesWord options that take the next word */
function parse(args: readonly string[], takesWord: ReadonlySet<string> = valued): Parsed {
  const options = new Map<string, string>();
  const [words, unknown]: [string[], string[]] = [[], []];
  const typed: { name: string | null; words: string[] }[] = [];
  for (let index = 0; index < args.length; index++) {
    const first = index;
    const arg = args[index] ?? "";
    if (arg === "--") {
      words.push(...args.slice(index + 1));
      typed.push({ name: null, words: args.slice(index + 1) });
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      words.push(arg);
      typed.push({ name: null, words: [arg] });
      continue;
    }
    const [name, value] = splitOption(arg);
    if (name === "--cors") {
      // An array: it swallows every word up to the next option.
      while (value === null && args[index + 1]?.startsWith("-") === false) index++;
    } else if (takesWord.has(name)) {
      options.set(name, value ?? args[++index] ?? "");
    } else if (flags.has(name)) {
      options.set(name, value ?? "true");
    } else {
      unknown.push(name);
    }
    typed.push({ name, words: args.slice(first, index + 1) });
  }
  return { options, words, unknown, typed };
}

function splitOption(arg: string): [name: string, value: string | null] {
  const equals = arg.indexOf("=");
  return equals === -1 ? [arg, null] : [arg.slice(0, equals), arg.slice(equals + 1)];
}

function conversationOf(options: ReadonlyMap<string, string>): string | null {
  const isFork = (options.get("--fork") ?? "false") !== "false";
  return isFork ? null : options.get("--session") || options.get("-s") || null;
}

function serverOf(options: ReadonlyMap<string, string>): TerminalUi["server"] {
  const isAsked = ["--port", "--hostname", "--mdns", "--mdns-domain"].some((name) => options.has(name));
  if (!isAsked) return null;
  const port = Number(options.get("--port"));
  const isPort = Number.isInteger(port) && port > 0 && port <= 65_535;
  return { port: isPort ? port : null, hostname: options.get("--hostname") ?? null };
}
