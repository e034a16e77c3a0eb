import { keptOptions } from "./kept-arguments.ts";
import { goesWhenResumed, subcommands } from "./options.ts";

/** Arguments that go on with a conversation in a terminal, as the person had launched it. */
export function resumeArguments(
  conversationId: string,
  prompt: string | null,
  launchedWith: readonly string[],
): readonly string[] {
  const kept = keptOptions(launchedWith, goesWhenResumed);
  return ["--resume", conversationId, ...kept, ...(prompt === null ? [] : promptArguments(prompt))];
}

/** A prompt that begins with a dash is no option, and one that is the name of a subcommand none of those. */
export function promptArguments(prompt: string): string[] {
  return ["--", subcommands.has(prompt) ? ` ${prompt}` : prompt];
}
