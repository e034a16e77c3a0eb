/** What it waits for, in its own words, as the state file and OSC 7501 have them. */
export const waitsFor: ReadonlyMap<string, string> = new Map([
  ["permission prompt", "It waits for your permission."],
  ["input needed", "It asks you something."],
  ["dialog open", "It shows a dialog."],
]);

/** `text` as a sentence of its own. */
export function sentence(text: string): string {
  return /[.!?…)]$/.test(text) ? text : `${text}.`;
}
