import type { AgentHeadless, HeadlessOrder } from "../headless.ts";
import { type Option, readArguments } from "./arguments.ts";
import { headlessReader } from "./headless-reader.ts";
import { ofThatLaunch } from "./resuming.ts";
import { readLastTurn } from "./rollout-file.ts";

/** Those of the terminal UI, and ours: Codex takes the former only before the subcommand, and the latter only once. */
const ofTerminal: ReadonlySet<string> = new Set([
  ...["-a", "--ask-for-approval", "--search", "--no-alt-screen", "--no-daemon", "--remote", "--remote-auth-token-env"],
]);
const ours: ReadonlySet<string> = new Set(["--json", "--experimental-json"]);

/** How Codex works without a terminal. Without a prompt among its arguments it reads one from standard input. */
export const headless: AgentHeadless = {
  launch: (order) => ({ args: headlessArguments(order), stdin: order.prompt }),
  reader: (timeZone, env) =>
    headlessReader(timeZone, (conversationId) => (env ? readLastTurn(conversationId, env, timeZone) : null)),
};

/** The person's arguments; where a conversation goes on, without what chose another, and without prompts that it has been given. */
function headlessArguments({ conversationId, args }: HeadlessOrder): string[] {
  const { form, insertAt, options } = readArguments(args);
  const old = superseded(options);
  const counting = options.filter((option) => !old.includes(option) && !ours.has(option.name));
  const first = counting.filter(({ name }) => ofTerminal.has(name));
  if (conversationId !== null) {
    const kept = counting.filter(({ name }) => !ofTerminal.has(name) && !ofThatLaunch.has(name));
    return [...words(first), "exec", "--json", ...words(kept), "resume", conversationId];
  }
  const goes = options.filter((option) => !counting.includes(option));
  if (form === "exec") return [...without(args.slice(0, insertAt), goes), "--json", ...without(args, goes, insertAt)];
  return [...words(first), "exec", "--json", ...without(args, [...first, ...goes])];
}

/** Options that are given once more later on: of a session's arguments and a task's, the task's count. Codex refuses both. */
function superseded(options: readonly Option[]): Option[] {
  const nameOf = ({ name }: Option) => longNames.get(name) ?? name;
  return options.filter(
    (option, index) =>
      !repeatable.has(nameOf(option)) && options.slice(index + 1).some((later) => nameOf(later) === nameOf(option)),
  );
}

const longNames: ReadonlyMap<string, string> = new Map([
  ["-a", "--ask-for-approval"],
  ["-c", "--config"],
  ["-C", "--cd"],
  ["-i", "--image"],
  ["-m", "--model"],
  ["-o", "--output-last-message"],
  ["-p", "--profile"],
  ["-s", "--sandbox"],
]);
const repeatable: ReadonlySet<string> = new Set(["--config", "--enable", "--disable", "--image", "--add-dir"]);

function words(options: readonly Option[]): string[] {
  return options.flatMap(({ typed }) => typed);
}

function without(args: readonly string[], options: readonly Option[], from = 0): string[] {
  const isOf = (index: number) => options.some(({ at, typed }) => index >= at && index < at + typed.length);
  return args.filter((_arg, index) => index >= from && !isOf(index));
}
