import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { OutputEntry } from "../../src/protocol/tasks.ts";
import type { HeadlessEnd, HeadlessExit, HeadlessReader, HeadlessReading } from "../../src/server/agents/headless.ts";
import { repositoryRoot } from "./gateway.ts";

/** What an agent printed in a headless run against a loopback API. @param agent with its version: `codex-0.169.0` */
export function recordedRun(agent: string, name: string): string[] {
  const path = join(repositoryRoot, "test", "fixtures", "agents", agent, "headless", `${name}.jsonl`);
  return readFileSync(path, "utf8").trimEnd().split("\n");
}

/** What became of a run. */
export interface ReadRun {
  readonly readings: readonly HeadlessReading[];
  /** What a person is shown of it. */
  readonly shown: readonly OutputEntry[];
  readonly end: HeadlessEnd;
  /** The last that was told of this kind. */
  readonly last: <Type extends HeadlessReading["type"]>(
    type: Type,
  ) => Extract<HeadlessReading, { type: Type }> | undefined;
}

/** @param at when it is read. */
export function readRun(
  reader: HeadlessReader,
  lines: readonly string[],
  exit: Partial<HeadlessExit> = {},
  at = 0,
): ReadRun {
  const told = lines.flatMap((line) => reader.line(line, at));
  const end = reader.end({ exitCode: 0, signal: null, stderr: "", ...exit }, at);
  const readings = [...told, ...(end.readings ?? [])];
  return {
    readings,
    shown: readings.flatMap((reading) => (reading.type === "output" ? [reading.entry] : [])),
    end,
    last: (type) =>
      readings.findLast((reading): reading is Extract<HeadlessReading, { type: typeof type }> => reading.type === type),
  };
}
