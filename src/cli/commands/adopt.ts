import { resolve } from "node:path";
import { agentEnvironment } from "../../client/environment.ts";
import { TallyError } from "../../protocol/errors.ts";
import { onceApproved } from "../approval/approved.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatWays } from "../screen/held-block.ts";
import { print, printJson } from "../screen/print.ts";
import { formatFacts } from "../screen/session-facts.ts";
import { commandLine } from "../screen/shell-words.ts";
import { surfaceOf, talkSurface } from "../screen/surface.ts";
import { say } from "../talk.ts";
import { readArguments } from "../usage.ts";
import { madeWorktree, sayFailedOperation } from "../worktree/failed-operation.ts";
import { runOperation } from "../worktree/run-operation.ts";
import { placeFacts } from "../worktree/worktree-words.ts";

const options = { trust: { type: "boolean" }, json: { type: "boolean" } } as const;

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, options, ["path"]);
  const path = resolve(operands[0]);
  const { client, env } = context;
  const body = { path, env: agentEnvironment(env) };
  const begin = (operationId: string) =>
    client.call("adoptWorktree", { body: { ...body, operationId } }).catch((error: unknown) => inOwnWords(error, path));
  const { answer, end } = await onceApproved(() => runOperation(begin, context), {
    cwd: path,
    consent: { isTrusted: values.trust ?? false, trustLine: commandLine(["tally", "adopt", path, "--trust"]) },
    context,
  });
  const { name } = answer.worktree;
  if (values.json && end.kind === "over") printJson(end.worktree);
  const worktree = madeWorktree(end)?.worktree ?? null;
  if (worktree === null) return sayFailedOperation(end, { command: "adopt", name }, context);
  if (values.json) return exitCodes.ok;
  print(formatFacts([{ name: "worktree", value: name }, ...placeFacts(worktree)], surfaceOf(process.stdout, env)));
  const ways = [{ words: "Start what tally.json names", line: commandLine(["tally", "resume", name]) }];
  say(formatWays(ways, talkSurface(env)).join("\n"));
  return exitCodes.ok;
}

/** What the gateway says of a missing folder is meant for one that the person stands in. @throws always */
function inOwnWords(error: unknown, path: string): never {
  if (!(error instanceof TallyError) || error.code !== "folder-missing") throw error;
  throw new TallyError(
    error.code,
    `There is no folder ${path}. Give that of a checkout; git worktree list shows them.`,
  );
}
