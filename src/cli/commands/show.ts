import type { Session } from "../../protocol/entities.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { print, printJson } from "../screen/print.ts";
import { formatSession } from "../screen/session-facts.ts";
import { byUrgency } from "../screen/session-words.ts";
import { surfaceOf } from "../screen/surface.ts";
import { formatWhy } from "../screen/why.ts";
import { readArguments } from "../usage.ts";
import { type FoundWorktree, resolveNamed } from "../worktree/resolve-named.ts";
import { formatWorktree } from "../worktree/worktree-facts.ts";
import { resolveSession } from "../resolve-session.ts";

const options = { json: { type: "boolean" }, why: { type: "boolean" } } as const;

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { client, env } = context;
  const { values, operands } = readArguments(args, options, ["id|name"]);
  // Only a session has a state to ask the reason of.
  const named = values.why ? null : await resolveNamed(operands[0], context);
  if (named?.kind === "worktree") return showWorktree(named, values.json ?? false, context);
  const session = named?.session ?? (await resolveSession(client, operands[0]));
  const surface = surfaceOf(process.stdout, env);
  if (values.why) {
    const why = await client.call("whySession", { id: session.id });
    if (values.json) printJson(why);
    else print(formatWhy(session, why, surface));
  } else {
    const known = await client.call("getSession", { id: session.id });
    if (values.json) printJson(known);
    else print(formatSession({ ...known, account: await accountOf(known.session, context) }, surface));
  }
  return exitCodes.ok;
}

async function showWorktree({ worktree, project }: FoundWorktree, json: boolean, context: CliContext): Promise<number> {
  const { client, env } = context;
  const snapshot = await client.call("snapshot", {});
  const processes = snapshot.processes.filter(({ worktreeId }) => worktreeId === worktree.id);
  const sessions = snapshot.sessions.filter(({ worktreeId }) => worktreeId === worktree.id).sort(byUrgency);
  const known = { worktree, project, processes, sessions };
  if (json) printJson(known);
  else print(formatWorktree(known, surfaceOf(process.stdout, env)));
  return exitCodes.ok;
}

async function accountOf({ accountId }: Session, { client }: CliContext): Promise<string | null> {
  if (accountId === null) return null;
  const { accounts } = await client.call("limits", {});
  return accounts.find(({ id }) => id === accountId)?.label ?? accountId;
}
