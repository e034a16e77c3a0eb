import { cpus, loadavg, totalmem } from "node:os";
import type { Figure } from "./figure.ts";

export interface Outcome {
  readonly measurement: string;
  readonly figures: readonly Figure[];
  /** Why the measurement itself could not be made. */
  readonly failure: string | null;
}

function number(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
}

/** A table for people: figure, value, target, verdict, and what it was made of. */
export function table(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap(({ measurement, figures, failure }) => [
    ...figures.map(({ label, value, unit, target, detail }) => [
      label,
      `${number(value)} ${unit}`,
      target?.text ?? "",
      target ? (target.met ? "✓" : "✗") : "",
      detail,
    ]),
    ...(failure === null ? [] : [[measurement, "failed", "", "✗", failure]]),
  ]);
  const lines = [["figure", "value", "target", "", "made of"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => pad(cell, column, widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function pad(cell: string, column: number, width: number): string {
  return column === 1 ? cell.padStart(width) : cell.padEnd(width);
}

/** Others that wait for this machine's processors, per processor, over the last minute; 0 where the system does not tell. */
export function loadPerCpu(): number {
  return (loadavg()[0] ?? 0) / cpus().length;
}

export function json(outcomes: readonly Outcome[], loadAtStart: number): string {
  const machine = {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpus: cpus().length,
    memoryMB: Math.round(totalmem() / 2 ** 20),
    loadPerCpuAtStart: loadAtStart,
  };
  return `${JSON.stringify({ measuredAt: new Date().toISOString(), machine, outcomes }, null, 2)}\n`;
}
