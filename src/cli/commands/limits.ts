import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { isHolding } from "../../protocol/limits.ts";
import { formatHistory, formatLimits } from "../screen/limits-text.ts";
import { print, printJson } from "../screen/print.ts";
import { surfaceOf } from "../screen/surface.ts";
import { say } from "../talk.ts";
import { readArguments } from "../usage.ts";

const options = { history: { type: "boolean" }, json: { type: "boolean" } } as const;

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { values } = readArguments(args, options, []);
  await (values.history ? showHistory : showLimits)(context, values.json ?? false);
  return exitCodes.ok;
}

async function showLimits({ client, env }: CliContext, json: boolean): Promise<void> {
  const limits = await client.call("limits", {});
  if (json) {
    printJson(limits);
    return;
  }
  const { accounts, pauses, settings } = limits;
  print(formatLimits({ accounts, pauses, warnAtPercent: settings.warnAtPercent }, surfaceOf(process.stdout, env)));
  if (accounts.length === 0) say("No account is known yet: they are learned from the sessions that run.");
  if (!pauses.some(isHolding)) say("Nothing is paused.");
}

async function showHistory({ client, env }: CliContext, json: boolean): Promise<void> {
  const { pauses } = await client.call("pauseHistory", { query: {} });
  if (json) {
    printJson(pauses);
    return;
  }
  print(formatHistory(pauses, surfaceOf(process.stdout, env)));
  if (pauses.length === 0) say("There was no pause yet.");
}
