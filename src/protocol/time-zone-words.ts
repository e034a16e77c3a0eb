import { isTimeZone } from "./wall-clock.ts";

/** The abbreviations that `Intl` writes in American English, the language that agents print in. All other zones it writes as offsets. */
const offsets: Readonly<Record<string, string>> = {
  UTC: "+00:00",
  GMT: "+00:00",
  Z: "+00:00",
  EST: "-05:00",
  EDT: "-04:00",
  CST: "-06:00",
  CDT: "-05:00",
  MST: "-07:00",
  MDT: "-06:00",
  PST: "-08:00",
  PDT: "-07:00",
  AKST: "-09:00",
  AKDT: "-08:00",
  HST: "-10:00",
};

const OFFSET = /^(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d{2}))?$/;
const IANA = /^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/;

/** `America/New_York`, `UTC`, `PDT`, `GMT+5:30`, `+02:00`, as a name to reckon with. Null for what is no zone. */
export function readTimeZone(text: string): string | null {
  const [, sign, hours = "", minutes = "00"] = OFFSET.exec(text) ?? [];
  if (sign !== undefined) return `${sign}${hours.padStart(2, "0")}:${minutes}`;
  const offset = offsets[text];
  if (offset !== undefined) return offset;
  return IANA.test(text) && isTimeZone(text) ? text : null;
}

const endings = [
  /^(?<rest>.*\S) ?\((?<zone>[^()]+)\)$/,
  /^(?<rest>.*\S) (?<zone>[A-Z]{3,4}(?:[+-]\d{1,2}(?::\d{2})?)?|[A-Z][A-Za-z]+(?:\/[A-Za-z_]+)+)$/,
  /^(?<rest>.*\d:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(?<zone>Z|[+-]\d{2}:?\d{2})$/,
] as const;

/** The zone that a time ends in: `3am (Asia/Tokyo)`, `3:04 PM PDT`, `15:00Z`. Undefined where there is none, null where nobody knows it. */
export function splitTimeZone(words: string): { readonly rest: string; readonly zone: string | null | undefined } {
  for (const ending of endings) {
    const { rest, zone } = ending.exec(words)?.groups ?? {};
    if (rest !== undefined && zone !== undefined) return { rest, zone: readTimeZone(zone) };
  }
  return { rest: words, zone: undefined };
}
