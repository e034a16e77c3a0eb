import { type Option, readOptions } from "./arguments.ts";

/** The options among the arguments but those that go, without prompts. */
export function keptOptions(args: readonly string[], goes: ReadonlySet<string>): string[] {
  return readOptions(args)
    .filter(({ name }) => !goes.has(name))
    .flatMap((option) => asWritten(args, option));
}

/** The arguments but the options that go; prompts stay where they are. */
export function withoutOptions(args: readonly string[], goes: ReadonlySet<string>): string[] {
  const options = readOptions(args);
  return args.flatMap((arg, at) => {
    if (!options.some(({ from, to }) => at >= from && at < to)) return [arg];
    const kept = options.filter(({ name, from }) => from === at && !goes.has(name));
    return kept.flatMap((option) => asWritten(args, option));
  });
}

function asWritten(args: readonly string[], { name, value, from, to }: Option): string[] {
  const written = args.slice(from, to);
  const isLong = written[0]?.startsWith("--") ?? false;
  // Letters may stand together with some that go.
  return isLong ? written : [name, ...(value === null ? [] : [value])];
}
