/** What the person's arguments make Gemini CLI do. `other`: no conversation starts, or none that a person follows. */
export type Form = "interactive" | "headless" | "other";

export interface Invocation {
  readonly form: Form;
  /** The conversation that is resumed, or that the person named, by its id. */
  readonly conversationId: string | null;
  /** It goes on with a conversation of before, or its id is given: nothing of ours may say which one it is. */
  readonly isConversationChosen: boolean;
  /** What it is asked at its start. */
  readonly prompt: string | null;
}

/** Options that take the next word, whatever it is. */
const withValue = new Set([
  ...["-m", "--model", "-p", "--prompt", "-i", "--prompt-interactive", "--approval-mode", "--policy", "--admin-policy"],
  ...["--allowed-mcp-server-names", "--allowed-tools", "-e", "--extensions", "--session-file", "--session-id"],
  ...["--include-directories", "-o", "--output-format", "--delete-session"],
]);
/** Options that take the next word unless it is an option. */
const withOptionalValue = new Set(["-r", "--resume", "-w", "--worktree"]);
/** Short options with a value, for those that are written together: `-yp "fix it"`. */
const shortWithValue = /^-[a-z]*[mpieo]$/i;

const onlyTells = new Set(["-h", "--help", "-v", "--version", "-l", "--list-extensions", "--list-sessions"]);
const notForPeople = new Set(["--delete-session", "--acp", "--experimental-acp"]);
/** Subcommands and their aliases; any other first word is a prompt. */
const subcommands = new Set(["mcp", "extensions", "extension", "skills", "skill", "hooks", "hook", "gemma"]);

/** Reads arguments as `gemini` does. @param isTerminal whether a person can type into it; without, a prompt of any kind is answered and that is all. */
export function readArguments(args: readonly string[], isTerminal: boolean): Invocation {
  const { options, words, literals } = parse(args);
  const has = (...names: readonly string[]) => names.some((name) => options.has(name));
  const resumed = options.get("-r") ?? options.get("--resume");
  const given = options.get("--session-id");
  return {
    form: formOf(),
    conversationId: given ?? (resumed !== undefined && isUuid.test(resumed) ? resumed : null),
    isConversationChosen: has("-r", "--resume", "--session-id", "--session-file"),
    prompt: (options.get("-i") ?? options.get("--prompt-interactive") ?? [...words, ...literals].join(" ")) || null,
  };

  function formOf(): Form {
    if (has(...onlyTells, ...notForPeople) || subcommands.has(words[0] ?? "")) return "other";
    return has("-p", "--prompt") || !isTerminal ? "headless" : "interactive";
  }
}

const isUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Parsed {
  readonly options: ReadonlyMap<string, string>;
  readonly words: readonly string[];
  /** What stands behind `--`: no option and no subcommand. */
  readonly literals: readonly string[];
}

function parse(args: readonly string[]): Parsed {
  const options = new Map<string, string>();
  const words: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    const next = args[index + 1];
    if (arg === "--") return { options, words, literals: args.slice(index + 1) };
    if (!arg.startsWith("-") || arg === "-") {
      words.push(arg);
      continue;
    }
    const [, name = arg, value] = /^(-[^=]*)=(.*)$/s.exec(arg) ?? [];
    const isOption = next?.startsWith("-") ?? true;
    const takesNext =
      value === undefined && (takesValue(name) || (withOptionalValue.has(name) && !isOption)) && next !== undefined;
    if (takesNext) index++;
    for (const each of shorts(name)) options.set(each, (takesNext ? next : value) ?? "");
  }
  return { options, words, literals: [] };
}

function takesValue(name: string): boolean {
  return withValue.has(name) || (!name.startsWith("--") && shortWithValue.test(name));
}

/** `-yp` is `-y` and `-p`. */
function shorts(name: string): string[] {
  return name.startsWith("--") ? [name] : Array.from(name.slice(1), (letter) => `-${letter}`);
}
