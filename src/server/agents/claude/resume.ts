import { readOptions } from "./arguments.ts";
import { goesWhenResumed, subcommands } from "./options.ts";

/** Arguments that go on with a conversation in a terminal, as the person had launched it. */
export function resumeArguments(
  conversationId: string,
  prompt: string | null,
  launchedWith: readonly string[],
): readonly string[] {
  const kept = keptArguments(launchedWith);
  return ["--resume", conversationId, ...kept, ...(prompt === null ? [] : promptArguments(prompt))];
}

/** Options without what chose the conversation, and without prompts. */
function keptArguments(args: readonly string[]): string[] {
  return readOptions(args)
    .filter(({ name }) => !goesWhenResumed.has(name))
    .flatMap(({ name, value, from, to }) => {
      const written = args.slice(from, to);
      const isLong = written[0]?.startsWith("--") ?? false;
      // Letters may stand together with some that go.
      return isLong ? written : [name, ...(value === null ? [] : [value])];
    });
}

/** A prompt that begins with a dash is no option, and one that is the name of a subcommand none of those. */
export function promptArguments(prompt: string): string[] {
  return ["--", subcommands.has(prompt) ? ` ${prompt}` : prompt];
}
