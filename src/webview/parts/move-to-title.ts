import { placeAfter } from "./arrow-keys.ts";

/** Takes the arrow keys, Home and End from the title that is in the row to another, in the order in which they stand on the page. */
export function moveToTitle(event: KeyboardEvent, row: Element | null, titles: readonly HTMLElement[]): void {
  const place = row === null ? -1 : titles.findIndex((title) => row.contains(title));
  const to = place < 0 ? null : placeAfter(event.key, place, titles.length);
  if (to === null) return;
  event.preventDefault();
  titles[to]?.focus();
}
