/** What the text says as JSON; undefined, which no schema of a message takes, when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The sender's mistake: the schema that follows refuses it.
    return undefined;
  }
}
