import type { AgentHeadless, HeadlessOrder } from "../headless.ts";
import { headlessReader } from "./headless-reader.ts";
import { keptOptions, withoutOptions } from "./kept-arguments.ts";
import { goesWhenHeadless, goesWhenHeadlessResumed } from "./options.ts";

const ours = ["--print", "--output-format", "stream-json", "--verbose"];

/** How Claude Code works without a terminal. */
export const headless: AgentHeadless = {
  launch: (order) => ({ args: [...ours, ...theirs(order)], stdin: order.prompt }),
  reader: () => headlessReader(),
};

/** The person's arguments; where a conversation goes on, without what chose another, and without prompts that it has been given. */
function theirs({ conversationId, args }: HeadlessOrder): string[] {
  return conversationId === null
    ? withoutOptions(args, goesWhenHeadless)
    : ["--resume", conversationId, ...keptOptions(args, goesWhenHeadlessResumed)];
}
