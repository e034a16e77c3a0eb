import { useCallback, useRef, useState } from "preact/hooks";
import * as z from "zod";
import { moveToTitle } from "../../parts/move-to-title.ts";
import { useSaved } from "../../saved-state.ts";

/** So many rows stay open over a reload. */
const MAX_OPEN = 20;
const none: readonly string[] = [];

export interface OpenRows {
  readonly isOpen: (id: string) => boolean;
  readonly toggle: (id: string) => void;
}

/** Which rows are open, of all lists: a task that ends stays open. It outlives the page. */
export function useOpenRows(): OpenRows {
  const [open, setOpen] = useSaved("tasks.open", z.array(z.string()).readonly(), none);
  const latest = useRef({ open, setOpen });
  latest.current = { open, setOpen };
  const toggle = useCallback((id: string) => {
    const { open: before, setOpen: set } = latest.current;
    const others = before.filter((each) => each !== id);
    const after = others.length < before.length ? others : [...others, id].slice(-MAX_OPEN);
    set(after.length === 0 ? none : after);
  }, []);
  return { isOpen: (id) => open.includes(id), toggle };
}

/** The row that the Tab key comes to, of all rows of a list; the arrow keys come to the others. */
export function useCurrentRow(
  ids: readonly string[],
): readonly [current: string | undefined, onFocus: (id: string) => void] {
  const [focused, setFocused] = useState<string>();
  return [focused !== undefined && ids.includes(focused) ? focused : ids[0], setFocused];
}

/** Takes the arrow keys, Home and End from one task's row to another of the same list. */
export function moveBetweenRows(event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const list = event.currentTarget as HTMLElement;
  const titles = [...list.querySelectorAll<HTMLElement>("[data-task]")];
  // Where text is read or a box is typed in, the keys are its own.
  const button = (event.target as HTMLElement).closest("button");
  moveToTitle(event, button?.closest(".task-row") ?? null, titles);
}
