const codes = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  magenta: 35,
  cyan: 36,
} as const;
export type StyleName = keyof typeof codes;

/** Puts a style around text, or leaves it alone where there is no colour. */
export type Style = (name: StyleName, text: string) => string;

export const plain: Style = (_name, text) => text;
export const coloured: Style = (name, text) => `\x1b[${codes[name]}m${text}\x1b[0m`;

/** FORCE_COLOR and NO_COLOR decide when they are set, the former first; else colour is for terminals. */
export function styleFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Style {
  const force = env["FORCE_COLOR"];
  if (force) return force === "0" || force === "false" ? plain : coloured;
  if (env["NO_COLOR"]) return plain;
  return stream.isTTY === true && env["TERM"] !== "dumb" ? coloured : plain;
}
