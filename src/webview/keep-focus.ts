import { options } from "preact";
import { nearestFirst } from "./nearest-first.ts";

/**
 * What has the keyboard's focus can go away when the page is drawn anew, or lose it as it is put elsewhere. Then it gets it back, or the row
 * that it was in does, or the row at its place, or its section's heading: it is never the top of the page where the person goes on.
 */
export function keepFocus(): void {
  options.debounceRendering = (draw) => {
    queueMicrotask(() => {
      const heirs = heirsOfFocus();
      draw();
      // A document that has lost the keyboard still has an active element; the person types elsewhere.
      if (document.hasFocus()) giveFocus(heirs);
    });
  };
}

/** Who gets the focus if it is lost now, the first of them that is still there. */
function heirsOfFocus(): readonly HTMLElement[] {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLElement) || isLost()) return [];
  const row = activeElement.closest<HTMLElement>("[data-row]");
  const heading = activeElement.closest("section")?.querySelector<HTMLElement>(".section-fold") ?? null;
  return [activeElement, ...(row ? nearestFirst(rowsBeside(row), row) : []), ...(heading ? [heading] : [])];
}

function rowsBeside(row: HTMLElement): readonly HTMLElement[] {
  return [...(row.parentElement?.children ?? [])].filter(
    (element): element is HTMLElement => element instanceof HTMLElement && "row" in element.dataset,
  );
}

function giveFocus(heirs: readonly HTMLElement[]): void {
  for (const heir of heirs) {
    if (!isLost()) return;
    // A heading that is drawn anew is the same to a person.
    const element = heir.isConnected || heir.id === "" ? heir : document.getElementById(heir.id);
    if (element?.isConnected) entryOf(element).focus();
  }
}

/** Of a row, what the keyboard comes to first: itself, where that can have the focus. */
function entryOf(element: HTMLElement): HTMLElement {
  const isEntry = !("row" in element.dataset) || element.hasAttribute("tabindex");
  return isEntry ? element : (element.querySelector<HTMLElement>("button") ?? element);
}

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
