/** A figure beside the same of the span before. */
export interface Comparison {
  /** `12% more`. */
  readonly short: string;
  /** `12% more than in the 7 days before`. */
  readonly whole: string;
}

/** From here on a percentage says less than how many times it is. */
const TIMES_FROM = 3;

/** How an amount differs from the one before; null where there was and is none. */
export function comparison(current: number, before: number, days: number): Comparison | null {
  const then = `the ${days} days before`;
  if (before === 0) return current === 0 ? null : { short: "none before", whole: `none in ${then}` };
  const ratio = current / before;
  if (ratio >= TIMES_FROM) {
    const short = `${Math.round(ratio)} times as much`;
    return { short, whole: `${short} as in ${then}` };
  }
  return difference(Math.round((ratio - 1) * 100), "%", then);
}

/** How a share differs from the one before, in points of a hundred. */
export function comparedShare(current: number, before: number, days: number): Comparison {
  const points = Math.round((current - before) * 100);
  return difference(points, Math.abs(points) === 1 ? " point" : " points", `the ${days} days before`);
}

function difference(amount: number, unit: string, then: string): Comparison {
  if (amount === 0) return { short: "as before", whole: `as in ${then}` };
  const short = `${Math.abs(amount)}${unit} ${amount > 0 ? "more" : "less"}`;
  return { short, whole: `${short} than in ${then}` };
}
