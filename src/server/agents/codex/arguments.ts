/** What the person's arguments make Codex do. `other`: no conversation starts, or not in this process. */
export type Form = "interactive" | "resume" | "fork" | "exec" | "other";

export interface Invocation {
  readonly form: Form;
  /** Where flags of ours go: before everything where the TUI starts at once, else right after the subcommand. */
  readonly insertAt: number;
  /** The conversation that the arguments resume, by its id. */
  readonly conversationId: string | null;
  /** Options as given, with their values. */
  readonly options: readonly Option[];
  /** Whether it asks a model, also where no conversation starts in this process. */
  readonly usesModel: boolean;
}

export interface Option {
  /** As typed: `-c` and `--config` are two names. */
  readonly name: string;
  readonly value: string | null;
  /** All words that it is made of. */
  readonly typed: readonly string[];
  /** Where the first of them stands among the arguments. */
  readonly at: number;
}

/** Options with one value, of the root and of the subcommands that start a conversation. */
const withValue = new Set([
  ...["-c", "--config", "--enable", "--disable", "--remote", "--remote-auth-token-env", "-m", "--model"],
  ...["--local-provider", "-p", "--profile", "-s", "--sandbox", "-C", "--cd", "--add-dir", "-a"],
  ...["--ask-for-approval", "--thread-source", "--cyber-access-program", "--output-schema", "--color"],
  ...["-o", "--output-last-message"],
]);
/** These take every word up to the next option. */
const withValues = new Set(["-i", "--image"]);
const onlyTells = new Set(["-h", "--help", "-V", "--version"]);

/** Subcommands and their aliases; any other first word is a prompt. */
const subcommands = new Set([
  ...["agents", "exec", "e", "review", "login", "logout", "mcp", "plugin", "app-server", "remote-control"],
  ...["completion", "update", "doctor", "sandbox", "debug", "apply", "a", "resume", "queue", "archive", "delete"],
  ...["migrate-rollouts", "migrate-nfs-db", "unarchive", "fork", "cloud", "exec-server", "features", "help"],
]);

const withModel = new Set(["exec", "e", "review", "resume", "fork"]);

/** Reads arguments as `codex` does. */
export function readArguments(args: readonly string[]): Invocation {
  const { options, words } = parse(args);
  const tells = options.some(({ name }) => onlyTells.has(name));
  const other: Invocation = { form: "other", insertAt: 0, conversationId: null, options, usesModel: false };
  // There is one prompt at most, so a subcommand is the first word or, behind a prompt, the second.
  const at = words.slice(0, 2).findIndex(({ text, isLiteral }) => !isLiteral && subcommands.has(text));
  const subcommand = words[at];
  const usesModel = !tells && (!subcommand || withModel.has(subcommand.text));
  // A server elsewhere would run the hooks, and `--no-daemon` contradicts it.
  if (tells || options.some(({ name }) => name === "--remote")) return { ...other, usesModel };
  if (!subcommand) return { ...other, form: "interactive", usesModel };
  const rest = words.slice(at + 1).map(({ text }) => text);
  const found = { ...other, insertAt: subcommand.index + 1, usesModel };
  switch (subcommand.text) {
    case "resume":
      return { ...found, form: "resume", conversationId: resumedId(rest, options) };
    case "fork":
      return { ...found, form: "fork" };
    case "exec":
    case "e":
      if (rest[0] === "review" || rest[0] === "help") return { ...other, usesModel: rest[0] === "review" };
      return {
        ...found,
        form: "exec",
        conversationId: rest[0] === "resume" ? resumedId(rest.slice(1), options) : null,
      };
    default:
      return { ...other, usesModel };
  }
}

/** Keys that the arguments set in Codex's configuration: `model` for `-c model="x"`. */
export function configuredKeys(options: readonly Option[]): string[] {
  return options.flatMap(({ name, value }) => {
    if (value === null) return [];
    if (name === "-c" || name === "--config") return [value.split("=", 1)[0]?.trim() ?? ""];
    return name === "--enable" || name === "--disable" ? [`features.${value}`] : [];
  });
}

/** The last value that the arguments give this key of the configuration, as typed; null when none does. */
export function configuredValue(options: readonly Option[], key: string): string | null {
  const assignments = options.flatMap(({ name, value }) =>
    (name === "-c" || name === "--config") && value !== null ? [value] : [],
  );
  const last = assignments.findLast((assignment) => assignment.split("=", 1)[0]?.trim() === key);
  return last === undefined ? null : last.slice(last.indexOf("=") + 1);
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** With `--last` the first word is the prompt; a name is no id. */
function resumedId([first = ""]: readonly string[], options: readonly Option[]): string | null {
  return uuid.test(first) && !options.some(({ name }) => name === "--last") ? first : null;
}

interface Word {
  readonly text: string;
  readonly index: number;
  /** Behind `--`, where nothing is a subcommand. */
  readonly isLiteral: boolean;
}

function parse(args: readonly string[]): { options: Option[]; words: Word[] } {
  const options: Option[] = [];
  const words: Word[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") {
      words.push(
        ...args.slice(index + 1).map((text, behind) => ({ text, index: index + 1 + behind, isLiteral: true })),
      );
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      words.push({ text: arg, index, isLiteral: false });
      continue;
    }
    const { name, value } = splitOption(arg);
    if (value !== null || !(withValue.has(name) || withValues.has(name))) {
      options.push({ name, value, typed: [arg], at: index });
      continue;
    }
    const first = index;
    const next = args[++index] ?? null;
    if (withValues.has(name)) while (args[index + 1]?.startsWith("-") === false) index++;
    options.push({ name, value: next, typed: args.slice(first, index + 1), at: first });
  }
  return { options, words };
}

/** `--name=value`, `-nvalue` and `-n=value` hold their value. */
function splitOption(arg: string): Pick<Option, "name" | "value"> {
  const [, name = arg, value = null] = /^(--[^=]+)=(.*)$/s.exec(arg) ?? [];
  if (value !== null || arg.startsWith("--")) return { name, value };
  const short = arg.slice(0, 2);
  const takesValue = withValue.has(short) || withValues.has(short);
  return arg.length > 2 && takesValue ? { name: short, value: arg.slice(2).replace(/^=/, "") } : { name: arg, value };
}
