const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** From the largest to the smallest. */
const units = [
  { name: "w(?:ks?|eeks?)?", ms: 7 * DAY_MS },
  { name: "d(?:ays?)?", ms: DAY_MS },
  { name: "h(?:rs?|ours?)?", ms: HOUR_MS },
  { name: "m(?:ins?|inutes?)?", ms: MINUTE_MS },
  { name: "s(?:ecs?|econds?)?", ms: SECOND_MS },
  { name: "ms|milliseconds?", ms: 1 },
] as const;

/** Each unit at most once, the larger before the smaller: `5 days 22 hours 11 minutes`, `8h44m7s`, `1 hour and 5 minutes`. */
const shape = new RegExp(
  `^${units.map(({ name }) => `(?:(\\d+(?:\\.\\d+)?) ?(?:${name})(?![a-z])(?:,? and |, ?| )?)?`).join("")}$`,
);

/** `90m`, `1h30m`, `2 days`, `5 days 22 hours` in milliseconds. Null for anything else, a number without a unit too. */
export function readDuration(text: string): number | null {
  const words = text.trim().toLowerCase().replace(/\s+/g, " ");
  const amounts: readonly (string | undefined)[] = shape.exec(words)?.slice(1) ?? [];
  if (/[^\da-z]$/.test(words) || amounts.every((amount) => amount === undefined)) return null;
  return Math.round(units.reduce((sum, { ms }, index) => sum + Number(amounts[index] ?? 0) * ms, 0));
}
