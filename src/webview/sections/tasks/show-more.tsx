import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";

/** So many rows are drawn at once. */
export const ROWS_SHOWN = 50;

export interface More {
  readonly hidden: number;
  readonly onMore: () => void;
}

/** The first of a long list, and what shows more of it. */
export function useShown<T>(items: readonly T[]): { readonly shown: readonly T[]; readonly more: More } {
  const [limit, setLimit] = useState(ROWS_SHOWN);
  return {
    shown: items.length > limit ? items.slice(0, limit) : items,
    more: { hidden: Math.max(0, items.length - limit), onMore: () => setLimit(limit + ROWS_SHOWN) },
  };
}

export function ShowMore({ more: { hidden, onMore } }: { readonly more: More }) {
  if (hidden === 0) return null;
  return (
    <div class="show-more">
      <Button onClick={onMore}>Show {Math.min(hidden, ROWS_SHOWN)} More</Button>
      <span class="faint">{hidden} not shown</span>
    </div>
  );
}
