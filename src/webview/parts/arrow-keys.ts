/** The place in a list of so many that a key goes to from another; null where the key goes nowhere. */
export function placeAfter(key: string, place: number, count: number): number | null {
  const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: count - 1 }[key];
  return to === undefined || to < 0 || to >= count ? null : to;
}
