const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** What Node's timers can wait for; a longer one would fire at once. */
const MAX_MS = 2 ** 31 - 1;

/** `90s`, `1.5m`, `2h` in milliseconds; a bare number is seconds. Null for anything else, and for more than 24 days. */
export function parseDuration(text: string): number | null {
  const [, amount, unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text.trim().toLowerCase()) ?? [];
  const ms = Number(amount) * (unitsMs[unit] ?? NaN);
  return ms <= MAX_MS ? ms : null;
}
