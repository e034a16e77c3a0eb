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
/** A moment, as an agent prints it at a time in a zone when it speaks of a reset: how far away that is decides about the date. */
type Print = (at: number, when: { now: number; timeZone: string; reset: number }) => string;

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
const claudeTime: Print = (at, { now, timeZone, reset }) => {
  const shown = format(at, timeZone, date);
  const minutes = shown["minute"] === "00" ? "" : `:${shown["minute"]}`;
  const time = `${shown["hour"]}${minutes}${shown["dayPeriod"]?.toLowerCase()}`;
  if (reset - now <= DAY) return time;
  const year = shown["year"] === format(now, timeZone, date)["year"] ? "" : `, ${shown["year"]}`;
  return `${shown["month"]} ${shown["day"]}${year}, ${time}`;
};

/** The date where it is another one. */
const codexTime: Print = (at, { now, timeZone }) => {
  const [shown, today] = [format(at, timeZone, date), format(now, timeZone, date)];
  const time = `${shown["hour"]}:${shown["minute"]} ${shown["dayPeriod"]}`;
  const isToday = (["year", "month", "day"] as const).every((part) => shown[part] === today[part]);
  return isToday ? time : `${shown["month"]} ${ordinal(Number(shown["day"]))}, ${shown["year"]} ${time}`;
};

function ordinal(day: number): string {
  const isTeen = day >= 11 && day <= 13;
  return `${day}${(isTeen ? undefined : ["st", "nd", "rd"][(day % 10) - 1]) ?? "th"}`;
}

const agents = {
  "Claude Code": {
    print: (at, when) => `You've hit your 5-hour limit · resets ${claudeTime(at, when)} (${when.timeZone})`,
    read: readClaudeLimit,
    farthestMs: 8 * DAY,
  },
  "Claude Code where it names no zone": {
    print: (at, when) => `● Usage limit reached · continuing automatically at ${claudeTime(at, when)} · esc to cancel`,
    read: readClaudeLimit,
    farthestMs: 8 * DAY,
  },
  Codex: {
    print: (at, when) => `■ You’ve hit your usage limit. Try again at ${codexTime(at, when)}.`,
    read: readCodexLimit,
    farthestMs: 31 * DAY,
  },
  "Gemini CLI": {
    print: (at, { timeZone }) => {
      const shown = format(at, timeZone, { ...clock, timeZoneName: "short" });
      return `Usage limit reached for all Pro models.\nAccess resets at ${shown["hour"]}:${shown["minute"]} ${shown["dayPeriod"]} ${shown["timeZoneName"]}.`;
    },
    read: readGeminiLimit,
    farthestMs: 23 * HOUR,
  },
} satisfies Record<string, { print: Print; read: Read; farthestMs: number }>;

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE) * MINUTE;
}

/** The first minute, from the present one on, that an agent prints in the same words as this one. Clocks are put back by half an hour at least. */
function firstWithSameWords(reset: number, now: number, print: (at: number) => string): number {
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
/** Told with its date, for it is more than a day away, and the first of the two moments with these words is not. */
const dayBeforeClocksGoBack: [now: number, away: number, timeZone: (typeof zones)[number]] = [
  Date.parse("2026-10-31T05:29:59.998Z"),
  DAY,
  "America/St_Johns",
];
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
          const words = print(reset, { now, timeZone, reset });
          const expected = firstWithSameWords(reset, now, (at) => print(at, { now, timeZone, reset }));
          assert.equal(read(words, { now, timeZone })?.resetsAt, expected, words);
        },
      );
      fc.assert(property, { numRuns: 500, examples: [dayBeforeClocksGoBack] });
    });
  }

  it("is the very minute where the clocks do not change meanwhile", () => {
    const property = fc.property(
      nowIn("2026-06-01", "2026-08-30"),
      fc.integer({ min: 1, max: 23 * HOUR }),
      fc.constantFrom(...zones),
      fc.constantFrom(...Object.values(agents)),
      (now, away, timeZone, { print, read }: { print: Print; read: Read }) => {
        const reset = now + away;
        const words = print(reset, { now, timeZone, reset });
        assert.equal(read(words, { now, timeZone })?.resetsAt, minuteOf(reset), words);
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
