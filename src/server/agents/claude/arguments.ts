import * as z from "zod";
import { asksNoModel, asksModelSubcommands, optionKinds, subcommands, takesItElsewhere } from "./options.ts";

/** The person's own `--settings`: of several the last counts. */
export interface SettingsOption {
  readonly value: string;
  /** The arguments without it. */
  readonly otherArgs: readonly string[];
}

/** What the arguments of a `claude` mean for us. */
export interface Invocation {
  /** Whether they start or continue a conversation here, so that flags may be added. */
  readonly startsConversation: boolean;
  /** Whether a model is asked, here or elsewhere. */
  readonly asksModel: boolean;
  readonly model: string | null;
  /** One answer on stdout instead of a terminal UI. */
  readonly isPrint: boolean;
  /** The conversation that they name, where its id is certain. */
  readonly conversationId: string | null;
  /** Whether they already say which conversation it is, so that no id may be added. */
  readonly choosesConversation: boolean;
  readonly settings: SettingsOption | null;
  /** Settings files of the person's that count. */
  readonly settingSources: readonly SettingSource[];
  /** Whether hooks run at all, as far as the arguments tell. */
  readonly mayRunHooks: boolean;
  /** Whether the conversation is written to disk. */
  readonly isKept: boolean;
}

const settingSources = ["user", "project", "local"] as const;
export type SettingSource = (typeof settingSources)[number];

export interface Option {
  /** Its first long name. */
  readonly name: string;
  readonly value: string | null;
  /** Where it begins and ends among the arguments. */
  readonly from: number;
  readonly to: number;
}

/** Reads the arguments as Claude Code's own parser does. */
export function readArguments(args: readonly string[]): Invocation {
  const { options, operand } = parse(args);
  const last = (name: string) => options.findLast((option) => option.name === name);
  const has = (name: string) => last(name) !== undefined;
  const isPrint = has("--print");
  const isSubcommand = !isPrint && operand !== null && subcommands.has(operand);
  const settings = last("--settings");
  return {
    startsConversation: !isSubcommand && !options.some(({ name }) => takesItElsewhere.has(name)),
    asksModel:
      (!isSubcommand || asksModelSubcommands.has(operand)) && !options.some(({ name }) => asksNoModel.has(name)),
    model: last("--model")?.value ?? null,
    isPrint,
    conversationId: conversationId(last("--session-id"), has("--fork-session") ? undefined : last("--resume")),
    choosesConversation: ["--session-id", "--resume", "--continue", "--fork-session", "--from-pr"].some(has),
    settings:
      settings?.value === null || settings === undefined ? null : withoutSettings(args, options, settings.value),
    settingSources: countingSources(has("--restricted") ? "" : last("--setting-sources")?.value),
    mayRunHooks: !has("--bare") && !has("--safe-mode"),
    isKept: !has("--no-session-persistence"),
  };
}

function conversationId(...givenBy: readonly (Option | undefined)[]): string | null {
  const ids = givenBy.flatMap((option) => z.uuid().safeParse(option?.value).data ?? []);
  return ids[0] ?? null;
}

function withoutSettings(args: readonly string[], options: readonly Option[], value: string): SettingsOption {
  const all = options.filter(({ name }) => name === "--settings");
  return { value, otherArgs: args.filter((_arg, at) => !all.some(({ from, to }) => at >= from && at < to)) };
}

function countingSources(value: string | null | undefined): SettingSource[] {
  if (value === undefined || value === null) return [...settingSources];
  const named = value.split(",").map((source) => source.trim());
  return settingSources.filter((source) => named.includes(source));
}

/** The options among the arguments, in their order; several letters behind one dash are as many options. */
export function readOptions(args: readonly string[]): readonly Option[] {
  return parse(args).options;
}

function parse(args: readonly string[]): { options: Option[]; operand: string | null } {
  const options: Option[] = [];
  let operand: string | null = null;
  for (let at = 0; at < args.length;) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      operand ??= args[at + 1] ?? null;
      break;
    }
    const found = arg.startsWith("--") ? readLong(args, at) : /^-[^-]/.test(arg) ? readShort(args, at) : [];
    options.push(...found);
    if (!arg.startsWith("-") || arg === "-") operand ??= arg;
    at = found.at(-1)?.to ?? at + 1;
  }
  return { options, operand };
}

function readLong(args: readonly string[], at: number): Option[] {
  const arg = args[at] ?? "";
  const equals = arg.indexOf("=");
  const typed = equals < 0 ? arg : arg.slice(0, equals);
  const { name, takes } = optionKinds.get(typed) ?? { name: typed, takes: "nothing" };
  if (equals >= 0) return [{ name, value: arg.slice(equals + 1), from: at, to: at + 1 }];
  return [{ name, ...valueAt(args, at + 1, takes), from: at }];
}

/** Letters may be written together, and a value directly behind its letter. */
function readShort(args: readonly string[], at: number): Option[] {
  const arg = args[at] ?? "";
  const whole = optionKinds.get(arg);
  if (whole && arg.length > 2) return [{ name: whole.name, value: null, from: at, to: at + 1 }];
  const options: Option[] = [];
  for (let index = 1; index < arg.length; index++) {
    const { name, takes } = optionKinds.get(`-${arg.charAt(index)}`) ?? { name: arg, takes: "nothing" };
    const attached = arg.slice(index + 1);
    if (takes === "nothing") options.push({ name, value: null, from: at, to: at + 1 });
    else if (attached !== "") return [...options, { name, value: attached, from: at, to: at + 1 }];
    else return [...options, { name, ...valueAt(args, at + 1, takes), from: at }];
  }
  return options;
}

function valueAt(args: readonly string[], at: number, takes: "nothing" | "one" | "maybe-one" | "many") {
  const next = args[at];
  const isValue = (arg: string | undefined) => arg !== undefined && !arg.startsWith("-");
  switch (takes) {
    case "nothing":
      return { value: null, to: at };
    case "one":
      return { value: next ?? null, to: at + 1 };
    case "maybe-one":
      return isValue(next) ? { value: next ?? null, to: at + 1 } : { value: null, to: at };
    case "many": {
      let to = at + 1;
      while (isValue(args[to])) to++;
      return { value: next ?? null, to };
    }
  }
}
