import { StringDecoder } from "node:string_decoder";

/** What a person did at the keyboard. */
export type Key = EditingKey | { readonly type: "enter" | "escape" | "interrupt" | "end" };

/** Keys that change the prompt in the making. */
export type EditingKey =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "paste"; readonly text: string }
  | { readonly type: "newline" }
  | { readonly type: "backspace" }
  | { readonly type: "clear" };

const PASTE_BEGIN = "\x1b[200~";
const PASTE_END = "\x1b[201~";
const ESC = "\x1b";
const controlSequence = new RegExp(
  String.raw`^${ESC}(?:\[[0-?]*[ -/]*[@-~]|O.|\][^${ESC}\x07]*(?:\x07|${ESC}\\))`,
  "s",
);

const controls: Readonly<Record<string, Exclude<Key["type"], "text" | "paste">>> = {
  "\r": "enter",
  "\n": "newline",
  "\x7f": "backspace",
  "\b": "backspace",
  "\x15": "clear",
  "\x03": "interrupt",
  "\x04": "end",
};

/** Turns terminal input into keys. A paste may come in pieces; sequences it has no use for are dropped. */
export function keyReader(): (input: Buffer) => Key[] {
  const decoder = new StringDecoder("utf8");
  let pasted: string | null = null;

  const read = (text: string): Key[] => {
    const keys: Key[] = [];
    let rest = text;
    while (rest !== "") {
      if (pasted !== null) {
        pasted += rest;
        const end = pasted.indexOf(PASTE_END);
        if (end < 0) return keys;
        keys.push({ type: "paste", text: pasted.slice(0, end).replace(/\r\n?/g, "\n") });
        rest = pasted.slice(end + PASTE_END.length);
        pasted = null;
      } else if (rest.startsWith(PASTE_BEGIN)) {
        pasted = "";
        rest = rest.slice(PASTE_BEGIN.length);
        if (rest === "") return keys;
      } else {
        const { key, length } = readOne(rest);
        if (key) keys.push(key);
        rest = rest.slice(length);
      }
    }
    return keys;
  };
  return (input) => read(decoder.write(input));
}

function readOne(text: string): { key: Key | null; length: number } {
  const sequence = controlSequence.exec(text)?.[0];
  if (sequence !== undefined) return { key: null, length: sequence.length };
  if (text.startsWith(`${ESC}\r`)) return { key: { type: "newline" }, length: 2 };
  if (text.startsWith(ESC)) return { key: { type: "escape" }, length: 1 };
  const [character = ""] = text;
  const control = controls[character];
  if (control) return { key: { type: control }, length: 1 };
  const printable = /^\P{Control}+/u.exec(text)?.[0];
  return printable === undefined
    ? { key: null, length: 1 }
    : { key: { type: "text", text: printable }, length: printable.length };
}
