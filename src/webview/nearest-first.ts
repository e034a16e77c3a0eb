/** One of a list, then what comes after it, then what is before it: the last of that first. */
export function nearestFirst<T>(items: readonly T[], item: T): readonly T[] {
  const place = items.indexOf(item);
  return [...items.slice(place), ...items.slice(0, place).reverse()];
}
