import { type Account, isHolding, type Pause, type QuotaWindow } from "../../protocol/limits.ts";
import { formatAge } from "./age.ts";
import { bar } from "./bar.ts";
import { limitWords, pausedWhat, pauseLine, untilWords } from "./pause-words.ts";
import { forecastWords, hasReset, percentWords, quotaStyle, resetWords, windowName } from "./quota-words.ts";
import { oneLine } from "./request-text.ts";
import type { Surface } from "./surface.ts";
import { type Cell, formatTable } from "./table.ts";
import { clockWords } from "./time-words.ts";

interface Limits {
  readonly accounts: readonly Account[];
  /** Those that have not ended. */
  readonly pauses: readonly Pause[];
  readonly warnAtPercent: number;
}

const BAR_COLUMNS = 20;
/** An agent tells of its usage while it works: what is older than this is said to be. */
const FRESH_MS = 10 * 60_000;

/** One block an account: what is used of its allowance, and what holds it. */
export function formatLimits({ accounts, pauses, warnAtPercent }: Limits, surface: Surface): string[] {
  const blocks = accounts.map((account) =>
    formatAccount(
      account,
      pauses.filter(({ accountId }) => accountId === account.id),
      warnAtPercent,
      surface,
    ),
  );
  const known = new Set(accounts.map(({ id }) => id));
  const others = pauses.filter(({ accountId }) => !known.has(accountId));
  if (others.length > 0) blocks.push(others.flatMap((pause) => formatPause(pause, surface)));
  return blocks.flatMap((block, index) => (index > 0 ? ["", ...block] : block));
}

function formatAccount(
  { label, id, quotas }: Account,
  pauses: readonly Pause[],
  warnAtPercent: number,
  surface: Surface,
): string[] {
  const { style, width } = surface;
  const rows = quotas.map((window) => quotaRow(window, warnAtPercent, surface));
  return [
    `${style("bold", oneLine(label))}  ${style("dim", id)}`,
    ...(rows.length === 0 ? [`  ${style("dim", "its agent has not told how much is used")}`] : []),
    ...formatTable(rows, { style, width, indent: "  " }),
    ...pauses.flatMap((pause) => formatPause(pause, surface)),
  ];
}

function quotaRow(window: QuotaWindow, warnAtPercent: number, surface: Surface): Cell[] {
  const style = quotaStyle(window, warnAtPercent, surface);
  const isOld = hasReset(window, surface);
  const ageMs = surface.nowMs - window.at;
  const told = ageMs > FRESH_MS && !isOld ? `told ${formatAge(ageMs)} ago` : "";
  return [
    { text: windowName(window) },
    { text: isOld ? "" : bar(window.usedPercent, BAR_COLUMNS), style },
    { text: isOld ? "" : percentWords(window, surface).padStart(4), style },
    { text: resetWords(window, surface) },
    { text: [forecastWords(window, surface), told].filter(Boolean).join(" · "), style: "dim" },
  ];
}

/** What holds launches, or looks as if it were a limit, with what to type about it. */
function formatPause(pause: Pause, { style, ...time }: Surface): string[] {
  const words = `${pausedWhat(pause)} ${untilWords(pause, time)} · ${oneLine(pause.reason)}`;
  const lift = style("dim", `tally unpause ${pause.id}`);
  return isHolding(pause)
    ? [`  ${style("magenta", "paused")}  ${words}`, `          ${lift}`]
    : [`  ${style("yellow", "looks like a limit")}, and holds nothing: ${words}`, `          ${lift}`];
}

/** Pauses of the past and of now, one a line. */
export function formatHistory(pauses: readonly Pause[], surface: Surface): string[] {
  if (pauses.length === 0) return [];
  const header = ["SINCE", "ENDED", "WHAT", "KIND", "WHY", "ID"].map((text): Cell => ({ text, style: "dim" }));
  const rows = pauses.map((pause): Cell[] => [
    { text: clockWords(pause.since, surface) },
    endCell(pause, surface),
    { text: pausedWhat(pause) },
    { text: limitWords[pause.kind] },
    { text: oneLine(pause.reason) },
    { text: pause.id },
  ]);
  return formatTable([header, ...rows], { style: surface.style, width: null });
}

function endCell(pause: Pause, surface: Surface): Cell {
  if (pause.endedAt === null) return { text: isHolding(pause) ? "in force" : "suggested", style: "magenta" };
  const end = clockWords(pause.endedAt, surface);
  return { text: pause.endedBy === "lifted" ? `${end}, lifted` : end };
}

/** A few lines of it for an overview. */
export function formatLimitsBriefly({ accounts, pauses }: Omit<Limits, "warnAtPercent">, surface: Surface): string[] {
  const usage = accounts
    .filter(({ quotas }) => quotas.length > 0)
    .map(
      (account) => `${oneLine(account.label)}: ${account.quotas.map((each) => quotaWords(each, surface)).join("; ")}`,
    );
  return [
    ...pauses.map((pause) => surface.style(isHolding(pause) ? "magenta" : "yellow", pauseLine(pause, surface))),
    ...(pauses.some(isHolding) ? [] : ["nothing is paused"]),
    ...usage,
  ];
}

function quotaWords(window: QuotaWindow, time: Surface): string {
  const parts = [percentWords(window, time), resetWords(window, time), forecastWords(window, time)];
  return `${windowName(window)} ${parts.filter(Boolean).join(", ")}`;
}
