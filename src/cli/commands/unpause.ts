import { isHolding, type Pause } from "../../protocol/limits.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { pausedWhat, pauseLine } from "../screen/pause-words.ts";
import { printJson } from "../screen/print.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import { asNamed, launchNamed } from "./which-account.ts";

const options = { all: { type: "boolean" }, json: { type: "boolean" } } as const;

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { client } = context;
  const { values, operands } = readArguments(args, options, [], ["agent|persona|pause id"]);
  const [word] = operands;
  if (word !== undefined && values.all) throw new UsageError("--all lifts every pause, so it goes without a name.");
  const { pauses } = await client.call("limits", {});
  const meant = values.all ? pauses : word === undefined ? onlyOne(pauses) : await named(word, pauses, context);
  const lifted: Pause[] = [];
  for (const { id } of meant) lifted.push((await client.call("endPause", { id })).pause);
  if (values.json) printJson(lifted);
  for (const pause of lifted) say(`Lifted the pause of ${pausedWhat(pause)}. What it held goes on.`);
  if (lifted.length === 0) say(nothingLifted(word, pauses));
  return exitCodes.ok;
}

/** What a call without a name lifts: the only pause that holds anything, or else the only one that looks like one. @throws {UsageError} */
export function onlyOne(pauses: readonly Pause[]): readonly Pause[] {
  const holding = pauses.filter(isHolding);
  const candidates = holding.length > 0 ? holding : pauses;
  if (candidates.length <= 1) return candidates;
  throw new UsageError(`Which one? Name it by its id, or say --all:\n${listed(candidates)}`);
}

/** The pause with this id, or one that begins so; else those of the account of this agent or persona. */
async function named(word: string, pauses: readonly Pause[], context: CliContext): Promise<readonly Pause[]> {
  const exact = pauses.filter(({ id }) => id === word);
  if (exact.length > 0) return exact;
  const beginning = pauses.filter(({ id }) => id.startsWith(word));
  if (beginning.length === 1) return beginning;
  const ofAccount = pauses.filter(({ accountId }) => accountId === word);
  if (ofAccount.length > 0) return ofAccount;
  const { account } = await asNamed(word, context.client.call("checkLaunch", { body: launchNamed(word, context) }));
  return pauses.filter(({ accountId }) => accountId === account.id);
}

function nothingLifted(word: string | undefined, pauses: readonly Pause[]): string {
  if (word === undefined || pauses.length === 0) return "Nothing is paused.";
  return `"${word}" is not paused. Paused is:\n${listed(pauses)}`;
}

function listed(pauses: readonly Pause[]): string {
  const time = { nowMs: Date.now() };
  return pauses.map((pause) => `  ${pause.id}  ${pauseLine(pause, time)}`).join("\n");
}
