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
  readonly model: string | null;
  /** Whether it asks a model, also for another program that speaks for a person. */
  readonly usesModel: boolean;
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
    model: (options.get("-m") ?? options.get("--model")) || null,
    usesModel: formOf() !== "other" || has("--acp", "--experimental-acp"),
    prompt: (options.get("-i") ?? options.get("--prompt-interactive") ?? [...words, ...literals].join(" ")) || null,
  };

  function formOf(): Form {
    if (has(...onlyTells, ...notForPeople) || subcommands.has(words[0] ?? "")) return "other";
    return has("-p", "--prompt") || !isTerminal ? "headless" : "interactive";
  }
}

/** Options that say which conversation it is, or what it is asked first. */
const ofThatLaunch = new Set([
  ...["-r", "--resume", "--session-id", "--session-file", "-w", "--worktree"],
  ...["-p", "--prompt", "-i", "--prompt-interactive"],
]);

/**
 * Arguments that go on with a conversation as it was launched. Null where none was, and for a run without a person that has nothing to do.
 */
export function resumeArguments(
  conversationId: string,
  prompt: string | null,
  launchedWith: readonly string[],
): string[] | null {
  const { form } = readArguments(launchedWith, true);
  if (form === "other" || (form === "headless" && prompt === null)) return null;
  const option = form === "headless" ? "--prompt" : "--prompt-interactive";
  // As one word, or a prompt that begins with "-" would be an option.
  const asked = prompt === null ? [] : [`${option}=${prompt}`];
  return [...parse(launchedWith).kept, "--resume", conversationId, ...asked];
}

/** What is ours in a run without a person. */
const ofHeadlessRun = new Set([...ofThatLaunch, "-o", "--output-format"]);

/** Arguments that work at the prompt on standard input, and tell of it line by line. @param conversationId null: a new one. */
export function headlessArguments(conversationId: string | null, args: readonly string[]): string[] {
  const resumed = conversationId === null ? [] : ["--resume", conversationId];
  return ["--output-format", "stream-json", ...parse(args, ofHeadlessRun).kept, ...resumed];
}

const isUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Parsed {
  readonly options: ReadonlyMap<string, string>;
  readonly words: readonly string[];
  /** What stands behind `--`: no option and no subcommand. */
  readonly literals: readonly string[];
  /** All other options than those that were to go, as typed. */
  readonly kept: readonly string[];
}

/** @param going options that are not kept */
function parse(args: readonly string[], going: ReadonlySet<string> = ofThatLaunch): Parsed {
  const options = new Map<string, string>();
  const words: string[] = [];
  const kept: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    const next = args[index + 1];
    if (arg === "--") return { options, words, literals: args.slice(index + 1), kept };
    if (!arg.startsWith("-") || arg === "-") {
      words.push(arg);
      continue;
    }
    const [, name = arg, value] = /^(-[^=]*)=(.*)$/s.exec(arg) ?? [];
    const isOption = next?.startsWith("-") ?? true;
    const takesNext =
      value === undefined && (takesValue(name) || (withOptionalValue.has(name) && !isOption)) && next !== undefined;
    const ofOther = shorts(name).filter((each) => !going.has(each));
    if (ofOther.length === shorts(name).length) kept.push(arg, ...(takesNext ? [next] : []));
    else kept.push(...ofOther);
    if (takesNext) index++;
    for (const each of shorts(name)) options.set(each, (takesNext ? next : value) ?? "");
  }
  return { options, words, literals: [], kept };
}

function takesValue(name: string): boolean {
  return withValue.has(name) || (!name.startsWith("--") && shortWithValue.test(name));
}

/** `-yp` is `-y` and `-p`. */
function shorts(name: string): string[] {
  return name.startsWith("--") ? [name] : Array.from(name.slice(1), (letter) => `-${letter}`);
}
