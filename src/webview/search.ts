/** How a search and what it is looked for in are compared: without case, and without marks on letters. */
function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether each word of the search stands in one of the fields; a search without words finds everything. */
export function matchesSearch(search: string, fields: readonly (string | null | undefined)[]): boolean {
  const words = folded(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const texts = fields.filter((field) => field !== null && field !== undefined).map(folded);
  return words.every((word) => texts.some((text) => text.includes(word)));
}
