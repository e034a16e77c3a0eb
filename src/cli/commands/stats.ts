import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { readSince } from "../history/since.ts";
import { print, printJson } from "../screen/print.ts";
import { surfaceOf } from "../screen/surface.ts";
import { type Grouping, groupings, groupWork, totalWork } from "../stats/grouped-work.ts";
import { formatStats } from "../stats/stats-table.ts";
import { didYouMean } from "../suggest.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";

const options = { since: { type: "string" }, by: { type: "string" }, json: { type: "boolean" } } as const;

export async function run(args: readonly string[], { client, env }: CliContext): Promise<number> {
  const { values } = readArguments(args, options, []);
  const by = readGrouping(values.by ?? "day");
  const since = values.since === undefined ? undefined : readSince(values.since, Date.now());
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const answer = await client.call("stats", { query: { since, timeZone } });
  if (values.json) {
    printJson(answer);
    return exitCodes.ok;
  }
  const projects = by === "project" ? (await client.call("snapshot", {})).projects : [];
  const works = groupWork(answer.days, by, projects);
  print(formatStats(works, totalWork(answer.days), by, surfaceOf(process.stdout, env)));
  if (works.length === 0) say(nothingWords(since));
  return exitCodes.ok;
}

function readGrouping(word: string): Grouping {
  const grouping = groupings.find((each) => each === word);
  if (grouping) return grouping;
  const meant = didYouMean(word, groupings) || "Say --by day, agent or project.";
  throw new UsageError(`Nothing can be told by "${word}". ${meant}`);
}

function nothingWords(since: number | undefined): string {
  if (since !== undefined) return "Nothing was done in this time. The last 30 days: tally stats";
  return 'Nothing was done in the last 30 days. Begin with: tally run "<prompt>"';
}
