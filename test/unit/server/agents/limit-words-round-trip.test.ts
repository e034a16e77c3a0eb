import assert from "node:assert/strict";
import fc from "fast-check";
import { readClaudeLimit } from "../../../../src/server/agents/limit-words/claude.ts";
import { readCodexLimit } from "../../../../src/server/agents/limit-words/codex.ts";
import { readGeminiLimit } from "../../../../src/server/agents/limit-words/gemini.ts";
import { readOpencodeLimit } from "../../../../src/server/agents/limit-words/opencode.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const zones = [
  "UTC",
  "America/New_York",
  "America/Los_Angeles",
  "America/St_Johns",
  "America/Sao_Paulo",
  "Europe/Berlin",
  "Europe/London",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "Pacific/Honolulu",
] as const;

type Read = typeof readClaudeLimit;
/** A reset, as an agent prints it at a time in a zone. */
type Print = (reset: number, when: { now: number; timeZone: string }) => string;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: number, timeZone: string, options: Intl.DateTimeFormatOptions): Record<string, string> {
  const key = `${timeZone} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat("en-US", { ...options, timeZone });
  formats.set(key, known);
  return Object.fromEntries(known.formatToParts(at).map(({ type, value }) => [type, value]));
}

const clock = { hour: "numeric", minute: "2-digit", hour12: true } as const;
const date = { ...clock, month: "short", day: "numeric", year: "numeric" } as const;

/** Minutes only where there are some; the date where it is a day away, and the year where it is another. */
const claudeTime: Print = (reset, { now, timeZone }) => {
  const at = format(reset, timeZone, date);
  const minutes = at["minute"] === "00" ? "" : `:${at["minute"]}`;
  const time = `${at["hour"]}${minutes}${at["dayPeriod"]?.toLowerCase()}`;
  if (reset - now <= DAY) return time;
  const year = at["year"] === format(now, timeZone, date)["year"] ? "" : `, ${at["year"]}`;
  return `${at["month"]} ${at["day"]}${year}, ${time}`;
};

/** The date where it is another one. */
const codexTime: Print = (reset, { now, timeZone }) => {
  const [at, today] = [format(reset, timeZone, date), format(now, timeZone, date)];
  const time = `${at["hour"]}:${at["minute"]} ${at["dayPeriod"]}`;
  const isToday = (["year", "month", "day"] as const).every((part) => at[part] === today[part]);
  return isToday ? time : `${at["month"]} ${ordinal(Number(at["day"]))}, ${at["year"]} ${time}`;
};

function ordinal(day: number): string {
  const isTeen = day >= 11 && day <= 13;
  return `${day}${(isTeen ? undefined : ["st", "nd", "rd"][(day % 10) - 1]) ?? "th"}`;
}

const agents = {
  "Claude Code": {
    print: (reset, when) => `You've hit your 5-hour limit · resets ${claudeTime(reset, when)} (${when.timeZone})`,
    read: readClaudeLimit,
    farthestMs: 8 * DAY,
  },
  "Claude Code where it names no zone": {
    print: (reset, when) =>
      `● Usage limit reached · continuing automatically at ${claudeTime(reset, when)} · esc to cancel`,
    read: readClaudeLimit,
    farthestMs: 8 * DAY,
  },
  Codex: {
    print: (reset, when) => `■ You’ve hit your usage limit. Try again at ${codexTime(reset, when)}.`,
    read: readCodexLimit,
    farthestMs: 31 * DAY,
  },
  "Gemini CLI": {
    print: (reset, { timeZone }) => {
      const at = format(reset, timeZone, { ...clock, timeZoneName: "short" });
      return `Usage limit reached for all Pro models.\nAccess resets at ${at["hour"]}:${at["minute"]} ${at["dayPeriod"]} ${at["timeZoneName"]}.`;
    },
    read: readGeminiLimit,
    farthestMs: 23 * HOUR,
  },
} satisfies Record<string, { print: Print; read: Read; farthestMs: number }>;

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE) * MINUTE;
}

/** The first minute, from the present one on, for which an agent prints the same words as for this one. Clocks are put back by half an hour at least. */
function firstWithSameWords(reset: number, now: number, print: (reset: number) => string): number {
  const words = print(reset);
  let first = minuteOf(reset);
  for (let at = first; at > now - MINUTE && at > reset - 26 * HOUR; at -= HOUR / 2) if (print(at) === words) first = at;
  return first;
}

const nowIn = (from: string, until: string) => fc.integer({ min: Date.parse(from), max: Date.parse(until) });

/** The hours before the clocks are put forward or back in one of the zones. */
const changes = [
  "2026-11-01T06:00:00Z",
  "2027-03-14T07:00:00Z",
  "2026-11-01T04:30:00Z",
  "2027-03-28T01:00:00Z",
  "2026-10-25T01:00:00Z",
  "2026-10-03T15:30:00Z",
  "2027-04-03T15:00:00Z",
  "2026-09-26T14:00:00Z",
  "2027-04-03T14:00:00Z",
].map((change) => Date.parse(change));
const nearChange = fc
  .record({ change: fc.constantFrom(...changes), before: fc.integer({ min: -2 * HOUR, max: 30 * HOUR }) })
  .map(({ change, before }) => change - before);
const anyNow = fc.oneof(nowIn("2025-01-01", "2033-01-01"), nearChange);

describe("a reset that an agent prints", () => {
  for (const [agent, { print, read, farthestMs }] of Object.entries<{ print: Print; read: Read; farthestMs: number }>(
    agents,
  )) {
    it(`is read to the minute, whenever and wherever: ${agent}`, () => {
      const property = fc.property(
        anyNow,
        fc.oneof(fc.integer({ min: 1, max: 30 * HOUR }), fc.integer({ min: 1, max: 31 * DAY })),
        fc.constantFrom(...zones),
        (now, away, timeZone) => {
          const reset = now + (away % farthestMs) + 1;
          const words = print(reset, { now, timeZone });
          const expected = firstWithSameWords(reset, now, (at) => print(at, { now, timeZone }));
          assert.equal(read(words, { now, timeZone })?.resetsAt, expected, words);
        },
      );
      fc.assert(property, { numRuns: 500 });
    });
  }

  it("is the very minute where the clocks do not change meanwhile", () => {
    const property = fc.property(
      nowIn("2026-06-01", "2026-08-30"),
      fc.integer({ min: 1, max: 23 * HOUR }),
      fc.constantFrom(...zones),
      fc.constantFrom(...Object.values(agents)),
      (now, away, timeZone, { print, read }: { print: Print; read: Read }) => {
        const words = print(now + away, { now, timeZone });
        assert.equal(read(words, { now, timeZone })?.resetsAt, minuteOf(now + away), words);
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  it("is read from durations, of Codex, Gemini CLI and opencode", () => {
    const property = fc.property(
      anyNow,
      fc.integer({ min: 6, max: 20 * 24 * 60 }),
      fc.constantFrom(...zones),
      (now, minutes, timeZone) => {
        const when = { now, timeZone };
        const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24, minutes % 60];
        const spelled = [plural(days, "day"), plural(hours, "hour"), plural(rest, "minute")].filter(
          (part) => part !== "",
        );
        const codex = `You've hit your usage limit. Try again in ${spelled.join(" ")}.`;
        const gemini = `You have exhausted your capacity on this model. Your quota will reset after ${days * 24 + hours}h${rest}m0s.`;
        const opencode = `Usage limit reached. It will reset in ${spelled.slice(0, 2).join(" ")}.`;
        const shown = days > 0 && spelled.length > 2 ? minutes - rest : minutes;
        assert.deepEqual(
          [readCodexLimit(codex, when), readGeminiLimit(gemini, when), readOpencodeLimit(opencode, when)].map(
            (report) => report && report.resetsAt,
          ),
          [now + minutes * MINUTE, now + minutes * MINUTE, now + shown * MINUTE],
        );
      },
    );
    fc.assert(property, { numRuns: 500 });
  });
});

function plural(count: number, unit: string): string {
  if (count === 0) return "";
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
