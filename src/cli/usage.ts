import { parseArgs, type ParseArgsConfig } from "node:util";

/** The command line is wrong; the message says how, and the command's usage is shown with it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/**
 * Reads a command's options and its operands, as many as have names.
 * @throws {UsageError} for an unknown option, a missing operand or one too many.
 */
export function readArguments<const O extends Options, const N extends readonly string[]>(
  args: readonly string[],
  options: O,
  operandNames: N,
): { values: OptionValues<O>; operands: { [K in keyof N]: string } } {
  const { values, positionals } = parseOrRefuse(args, options);
  const missing = operandNames[positionals.length];
  if (missing !== undefined) throw new UsageError(`<${missing}> is missing.`);
  const extra = positionals[operandNames.length];
  if (extra !== undefined) throw new UsageError(`"${extra}" is one argument too many.`);
  return { values, operands: positionals as { [K in keyof N]: string } };
}

type OptionValues<O extends Options> = ReturnType<typeof parse<O>>["values"];

function parse<const O extends Options>(args: readonly string[], options: O) {
  return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
}

function parseOrRefuse<const O extends Options>(args: readonly string[], options: O) {
  try {
    return parse(args, options);
  } catch (error) {
    // parseArgs throws TypeErrors with codes ERR_PARSE_ARGS_*; their first sentence is for people.
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split(". ")[0] ?? message);
  }
}
