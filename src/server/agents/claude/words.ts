/** Whose it is, what it is about, and whether anybody is waited for, only the state file tells apart. */
export const DIALOG = "dialog open";

/** What it waits for, in its own words, as the state file and OSC 7501 have them. */
export const waitsFor: ReadonlyMap<string, string> = new Map([
  ["permission prompt", "It waits for your permission."],
  ["input needed", "It asks you something."],
  [DIALOG, "It shows a dialog."],
]);

/** `text` as a sentence of its own. */
export function sentence(text: string): string {
  return /[.!?…)]$/.test(text) ? text : `${text}.`;
}
