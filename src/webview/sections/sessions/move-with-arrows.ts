import { moveToTitle } from "../../parts/move-to-title.ts";

/** Takes the arrow keys, Home and End from one session's row to another, in the order in which they stand on the page. */
export function moveWithArrows(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement;
  const row = (event.target as HTMLElement).closest("li");
  const titles = [...list.querySelectorAll<HTMLElement>("[data-session]")];
  moveToTitle(event, row, titles);
}
