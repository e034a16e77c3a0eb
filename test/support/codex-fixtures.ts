import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../fixtures/agents/codex-0.169.0");

/** What Codex 0.169.0 wrote or showed against a loopback API, shortened to what is of interest. */
export function codexFixture(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

export function codexFixtureLines(name: string): unknown[] {
  return codexFixture(name)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}
