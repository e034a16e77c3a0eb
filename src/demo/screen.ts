import { graphemes } from "./graphemes.ts";
import type { Status, Tone } from "./story.ts";

const ESC = "\x1b";
const BRACKETED_PASTE_ON = `${ESC}[?2004h`;
const BRACKETED_PASTE_OFF = `${ESC}[?2004l`;
const HIDE_CURSOR = `${ESC}[?25l`;
const SHOW_CURSOR = `${ESC}[?25h`;
/** To the beginning of the line, and away with it and all below. */
const ERASE_LINE = `\r${ESC}[J`;

const tones: Record<Tone, { readonly mark: string; readonly sgr: string }> = {
  prompt: { mark: "> ", sgr: "1" },
  step: { mark: "  ✓ ", sgr: "32" },
  answer: { mark: "● ", sgr: "" },
  question: { mark: "? ", sgr: "33" },
  error: { mark: "✗ ", sgr: "31" },
  notice: { mark: "  ", sgr: "2" },
};

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** The last line of the terminal, redrawn in place; what was said scrolls up above it. */
export interface LiveLine {
  readonly text: string;
  readonly cursor: boolean;
}

export interface Screen {
  open(banner: readonly string[]): void;
  say(tone: Tone, text: string): void;
  /** Draws the last line anew, at the terminal's present width. */
  draw(line: LiveLine): void;
  status(status: Status): void;
  title(title: string): void;
  close(): void;
}

export function screen(out: { readonly columns: number; write(text: string): unknown }): Screen {
  let live: LiveLine = { text: "", cursor: true };
  const shown = () => ERASE_LINE + tail(live.text, out.columns - 1) + (live.cursor ? SHOW_CURSOR : HIDE_CURSOR);
  return {
    open: (banner) => out.write(BRACKETED_PASTE_ON + banner.map((line) => `${line}\r\n`).join("")),
    say: (tone, text) => out.write(ERASE_LINE + formatSaid(tone, text) + shown()),
    draw(line) {
      live = line;
      out.write(shown());
    },
    status: (status) => out.write(formatStatus(status)),
    title: (title) => out.write(`${ESC}]2;${title.replace(/\p{Control}/gu, " ")}\x07`),
    close: () => out.write(`${ERASE_LINE}${SHOW_CURSOR}${BRACKETED_PASTE_OFF}`),
  };
}

export function workingLine(frame: number): LiveLine {
  return { text: `${spinner[frame % spinner.length] ?? ""} Working… (Esc cancels)`, cursor: false };
}

/** OSC 7501: `state=blocked:app=tally-demo:kind=permission:msg=<base64>`. */
export function formatStatus({ state, kind, message }: Status): string {
  const pairs = [`state=${state}`, "app=tally-demo"];
  if (kind) pairs.push(`kind=${kind}`);
  if (message) pairs.push(`msg=${Buffer.from(message, "utf8").toString("base64")}`);
  return `${ESC}]7501;${pairs.join(":")}\x07`;
}

function formatSaid(tone: Tone, text: string): string {
  const { mark, sgr } = tones[tone];
  const indent = " ".repeat(mark.length);
  return text
    .split("\n")
    .map((line, index) => `${ESC}[${sgr}m${index === 0 ? mark : indent}${line}${ESC}[m\r\n`)
    .join("");
}

/** The end of a text that is too long for the line: where the person types. */
function tail(text: string, columns: number): string {
  const characters = graphemes(text);
  return characters.length <= columns ? text : `…${characters.slice(1 - columns).join("")}`;
}
