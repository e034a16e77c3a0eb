import { type Option, readArguments } from "./arguments.ts";

/** Options that say which conversation it is, or what goes with its first prompt. */
export const ofThatLaunch = new Set(["-i", "--image", "--last", "--all", "--include-non-interactive", "--worktree"]);

/**
 * Arguments that go on with a conversation as it was launched. Null for what has none: a review, a command, a conversation that is not
 * kept; and for a headless run without a prompt, which would wait for one on its stdin.
 */
export function resumeArguments(
  conversationId: string,
  prompt: string | null,
  launchedWith: readonly string[],
): string[] | null {
  const { form, options } = readArguments(launchedWith);
  if (form === "other" || options.some(({ name }) => name === "--ephemeral")) return null;
  const kept = options.filter(({ name }) => !ofThatLaunch.has(name)).flatMap((option: Option) => option.typed);
  if (form === "exec")
    return prompt === null ? null : ["exec", ...kept, "resume", conversationId, ...promptArguments(prompt)];
  return ["resume", ...kept, conversationId, ...(prompt === null ? [] : promptArguments(prompt))];
}

/** Behind `--` nothing is an option. */
export function promptArguments(prompt: string): string[] {
  return prompt.startsWith("-") ? ["--", prompt] : [prompt];
}
