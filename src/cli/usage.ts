import { parseArgs, type ParseArgsConfig } from "node:util";
import { messageOf } from "../protocol/message-of.ts";
import { didYouMean } from "./suggest.ts";

/** The command line is wrong; the message says how, and the command's usage is shown with it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** An option with its value, as it was typed. */
export interface GivenOption {
  readonly name: string;
  readonly value: string | undefined;
}

interface ReadArguments<O extends Options, N extends readonly string[], M extends readonly string[]> {
  readonly values: OptionValues<O>;
  readonly operands: readonly [...{ [K in keyof N]: string }, ...{ [K in keyof M]: string | undefined }];
  /** In the order in which they were typed, for options that repeat. */
  readonly given: readonly GivenOption[];
}

/**
 * Reads a command's options and its operands, as many as have names.
 * @param optionalNames those that may be left out.
 * @throws {UsageError} for an unknown option, a missing operand or one too many.
 */
export function readArguments<
  const O extends Options,
  const N extends readonly string[],
  const M extends readonly string[] = readonly [],
>(args: readonly string[], options: O, operandNames: N, optionalNames?: M): ReadArguments<O, N, M> {
  const { values, positionals, tokens } = parseOrRefuse(args, options);
  const missing = operandNames[positionals.length];
  if (missing !== undefined) throw new UsageError(`<${missing}> is missing.`);
  const extra = positionals[operandNames.length + (optionalNames?.length ?? 0)];
  if (extra !== undefined) throw new UsageError(`"${extra}" is one argument too many.`);
  const given = tokens.flatMap((token) => (token.kind === "option" ? [{ name: token.name, value: token.value }] : []));
  return { values, operands: positionals as unknown as ReadArguments<O, N, M>["operands"], given };
}

/** Reads a command's options and its operands, as many as there are. @throws {UsageError} for an unknown option */
export function readOperands<const O extends Options>(
  args: readonly string[],
  options: O,
): { readonly values: OptionValues<O>; readonly operands: readonly string[] } {
  const { values, positionals } = parseOrRefuse(args, options);
  return { values, operands: positionals };
}

/** What options of a command were given. */
export type OptionValues<O extends Options> = ReturnType<typeof parse<O>>["values"];

function parse<const O extends Options>(args: readonly string[], options: O) {
  return parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true });
}

function parseOrRefuse<const O extends Options>(args: readonly string[], options: O) {
  try {
    return parse(args, options);
  } catch (error) {
    // parseArgs throws TypeErrors with codes ERR_PARSE_ARGS_*; their first sentence is for people.
    const message = messageOf(error);
    const [sentence = message] = message.split(". ");
    const unknown = /^Unknown option '--([^']+)'/.exec(sentence)?.[1];
    const meant = unknown === undefined ? "" : didYouMean(unknown, Object.keys(options), (name) => `--${name}`);
    throw new UsageError(`${sentence.replace(/\.$/, "")}. ${meant}`.trimEnd());
  }
}
