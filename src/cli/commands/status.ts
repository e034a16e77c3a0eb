import type { Session } from "../../protocol/entities.ts";
import { isEnded } from "../../protocol/states.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatAge } from "../screen/age.ts";
import { formatLimitsBriefly } from "../screen/limits-text.ts";
import { print, printJson } from "../screen/print.ts";
import { shownState, type ShownState, stateWords } from "../screen/session-words.ts";
import type { Style } from "../screen/style.ts";
import { surfaceOf } from "../screen/surface.ts";
import { say } from "../talk.ts";
import { countOpen, openTasksWords } from "../tasks/task-words.ts";
import { readArguments } from "../usage.ts";
import { countProcesses, countWorktrees, describeWorktrees } from "../worktree/worktree-counts.ts";

export async function run(args: readonly string[], { runningClient, env }: CliContext): Promise<number> {
  const { values } = readArguments(args, { json: { type: "boolean" } }, []);
  const found = await runningClient.call("health", {}).catch((error: unknown) => {
    if (error instanceof TallyError && error.code === "gateway-unreachable") return error;
    throw error;
  });
  if (found instanceof TallyError) {
    if (values.json)
      printJson({ gateway: null, sessions: {}, tasks: {}, worktrees: {}, processes: {}, pauses: [], accounts: [] });
    say(found.message);
    return exitCodes.gatewayNotRunning;
  }
  const { sessions, tasks, worktrees, processes, pauses, accounts } = await runningClient.call("snapshot", {});
  const counts = countLive(sessions);
  const looked = { worktrees: countWorktrees(worktrees), processes: countProcesses(processes) };
  if (values.json) {
    printJson({ gateway: found, sessions: counts, tasks: countOpen(tasks), ...looked, pauses, accounts });
    return exitCodes.ok;
  }
  const ptys = found.ptyHosts.reduce((sum, host) => sum + host.ptys, 0);
  const surface = surfaceOf(process.stdout, env);
  const open = openTasksWords(tasks, surface.style);
  const [firstLimit = "", ...limits] = formatLimitsBriefly({ accounts, pauses }, surface);
  print([
    `gateway    version ${found.version}, pid ${found.pid}, port ${found.port}, up ${formatAge(Date.now() - found.startedAt)}`,
    `pty host   ${found.ptyHosts.length === 0 ? "not needed yet" : `pid ${found.ptyHosts.map(({ pid }) => pid).join(", ")}, ${ptys} ${ptys === 1 ? "terminal" : "terminals"}`}`,
    `sessions   ${describeCounts(counts, surface.style)}`,
    ...(open === "" ? [] : [`tasks      ${open}: tally queue`]),
    ...describeWorktrees(looked, surface.style),
    `limits     ${firstLimit}`,
    ...limits.map((line) => `           ${line}`),
  ]);
  return exitCodes.ok;
}

type Counts = Partial<Record<ShownState, number>>;

/** How many live sessions are in which state; states that none is in are absent. */
export function countLive(sessions: readonly Session[]): Counts {
  const counts: Counts = {};
  for (const session of sessions) {
    if (isEnded(session) || session.archivedAt !== null) continue;
    const state = shownState(session);
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

export function describeCounts(counts: Counts, style: Style): string {
  const parts = (Object.entries(counts) as [ShownState, number][])
    .map(([state, count]) => ({ ...stateWords[state], count }))
    .sort((a, b) => a.rank - b.rank)
    .map((each) => style(each.style, `${each.count} ${each.word}`));
  return parts.length === 0 ? "none live" : parts.join(", ");
}
