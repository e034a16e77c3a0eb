const FULL = "█";
const EMPTY = "░";

/** How much of a whole is used, as a bar of so many columns. Something is never shown as nothing, and not all never as all. */
export function bar(percent: number, columns: number): string {
  const share = Math.min(100, Math.max(0, percent)) / 100;
  const rounded = Math.round(share * columns);
  const full = percent > 0 && rounded === 0 ? 1 : percent < 100 && rounded === columns ? columns - 1 : rounded;
  return FULL.repeat(full) + EMPTY.repeat(columns - full);
}
