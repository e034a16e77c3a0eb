import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../fixtures/agents");

/** A file of `test/fixtures/agents`, as real Gemini CLI wrote it. */
export function geminiFixture(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

export function geminiFixtureLines(name: string): unknown[] {
  return geminiFixture(name)
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}
