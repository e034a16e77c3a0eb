import { readFileSync } from "node:fs";

/** A file's text; null when it is not there, or not for us to read: an agent will not read it either. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
