import type { GatewayClient } from "../../client/http.ts";
import type { SessionHistory } from "../../protocol/history.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { type Exported, writeCsv, writeJson } from "../history/export.ts";
import { formatSessionHistory, formatSessions } from "../history/history-table.ts";
import { namedProject } from "../history/named-project.ts";
import { all, atMost, type HistoryFilter, only, openHistory, sessionHistories } from "../history/pages.ts";
import { readSince } from "../history/since.ts";
import { nothingDone, totalsWords, withSession } from "../history/totals.ts";
import { print } from "../screen/print.ts";
import { surfaceOf } from "../screen/surface.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import { resolveSession } from "../resolve-session.ts";

const options = {
  since: { type: "string" },
  project: { type: "string" },
  session: { type: "string" },
  json: { type: "boolean" },
  csv: { type: "boolean" },
  limit: { type: "string" },
} as const;

/** What a person is shown where they do not say how much. */
const SHOWN = 30;

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { client } = context;
  const { values } = readArguments(args, options, []);
  if (values.json && values.csv) throw new UsageError("--json and --csv exclude each other.");
  if (values.session !== undefined && (values.since !== undefined || values.project !== undefined)) {
    throw new UsageError("--session is one session, so there is nothing that --since or --project could choose.");
  }
  const limit = values.limit === undefined ? null : readLimit(values.limit);
  const sessionId = values.session === undefined ? null : (await resolveSession(client, values.session)).id;
  const filter = await filterOf(values, client);
  if (values.json || values.csv) {
    const exported =
      sessionId === null ? exportedSessions(client, filter, limit) : exportedSession(client, sessionId, limit);
    await (values.csv ? writeCsv : writeJson)(exported, process.stdout);
  } else if (sessionId === null) await showSessions(filter, limit ?? SHOWN, context);
  else await showSession(sessionId, limit ?? SHOWN, context);
  return exitCodes.ok;
}

function readLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is no number of lines. Say for example --limit 100.`);
}

async function filterOf(
  { since, project }: { readonly since?: string; readonly project?: string },
  client: GatewayClient,
): Promise<HistoryFilter> {
  return {
    ...(since === undefined ? {} : { since: readSince(since, Date.now()) }),
    ...(project === undefined
      ? {}
      : { projectId: namedProject(await client.call("snapshot", {}), project, process.cwd()).id }),
  };
}

async function* exportedSessions(
  client: GatewayClient,
  filter: HistoryFilter,
  limit: number | null,
): AsyncGenerator<Exported> {
  for await (const { session } of atMost(sessionHistories(client, filter), limit)) {
    const { tasks, ...told } = await openHistory(client, session.id);
    const { since = 0 } = filter;
    yield { ...told, tasks: only(tasks(), ({ endedAt }) => endedAt === null || endedAt >= since) };
  }
}

async function* exportedSession(client: GatewayClient, id: string, limit: number | null): AsyncGenerator<Exported> {
  const { tasks, ...told } = await openHistory(client, id);
  yield { ...told, tasks: atMost(tasks(), limit) };
}

/** The totals are those of all that there are, whether they are shown or not. */
async function showSessions(filter: HistoryFilter, limit: number, { client, env }: CliContext): Promise<void> {
  const shown: SessionHistory[] = [];
  let totals = nothingDone;
  for await (const history of sessionHistories(client, filter)) {
    if (shown.length < limit) shown.push(history);
    totals = withSession(totals, history);
  }
  print(formatSessions(shown, surfaceOf(process.stdout, env)));
  say(totals.sessions === 0 ? nothingWords(filter) : totalsWords(totals));
  const hidden = totals.sessions - shown.length;
  if (hidden > 0) say(`${hidden} more: tally history --limit ${totals.sessions}`);
}

function nothingWords({ since, projectId }: HistoryFilter): string {
  const where = projectId === undefined ? "" : " in this project";
  if (since !== undefined) return `Nothing was done${where} in this time. See all of it with: tally history`;
  return `Nothing was done${where} yet. Begin with: tally run "<prompt>"`;
}

async function showSession(id: string, limit: number, { client, env }: CliContext): Promise<void> {
  const { history, plans, tasks } = await openHistory(client, id);
  const shown = await all(atMost(tasks(), limit));
  print(formatSessionHistory(history, plans, shown, surfaceOf(process.stdout, env)));
  const hidden = history.stats.totalTasks - shown.length;
  if (hidden > 0) say(`${hidden} earlier: tally history --session ${id} --limit ${history.stats.totalTasks}`);
}
