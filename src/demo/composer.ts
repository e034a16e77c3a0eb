import { graphemes } from "./graphemes.ts";
import type { EditingKey } from "./keys.ts";

/** One piece of the prompt in the making: what was typed, or a paste, which is shown as how much it is. */
interface Piece {
  readonly kind: "typed" | "pasted";
  readonly text: string;
}

/** The prompt in the making. Replaced, never mutated. */
export type Composer = readonly Piece[];

export const emptyComposer: Composer = [];

export function edit(composer: Composer, key: EditingKey): Composer {
  switch (key.type) {
    case "text":
      return type(composer, key.text);
    case "newline":
      return type(composer, "\n");
    case "paste":
      return key.text.includes("\n") ? [...composer, { kind: "pasted", text: key.text }] : type(composer, key.text);
    case "clear":
      return emptyComposer;
    case "backspace":
      return eraseLast(composer);
  }
}

/** What is sent. */
export function promptOf(composer: Composer): string {
  return composer.map(({ text }) => text).join("");
}

/** What is shown, on one line. */
export function shownOf(composer: Composer): string {
  return composer
    .map(({ kind, text }) =>
      kind === "pasted" ? `[pasted ${text.split("\n").length} lines]` : text.replaceAll("\n", "⏎"),
    )
    .join("");
}

function type(composer: Composer, text: string): Composer {
  const last = composer.at(-1);
  if (last?.kind !== "typed") return [...composer, { kind: "typed", text }];
  return [...composer.slice(0, -1), { kind: "typed", text: last.text + text }];
}

/** A paste goes as a whole, as it came. */
function eraseLast(composer: Composer): Composer {
  const last = composer.at(-1);
  if (!last) return composer;
  const shorter = last.kind === "typed" ? graphemes(last.text).slice(0, -1).join("") : "";
  return shorter === "" ? composer.slice(0, -1) : [...composer.slice(0, -1), { kind: "typed", text: shorter }];
}
