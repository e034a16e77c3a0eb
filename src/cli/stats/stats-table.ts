import { cellsIn, type NamedCells } from "../screen/narrow-table.ts";
import type { Surface } from "../screen/surface.ts";
import { formatTable } from "../screen/table.ts";
import { spentWords } from "../screen/time-words.ts";
import { formatCost, usageWords } from "../screen/usage-words.ts";
import { printable } from "../screen/width.ts";
import type { Grouping, Work } from "./grouped-work.ts";

const columns = ["name", "done", "failed", "cancelled", "time", "tokens", "cost"] as const;
const layout = { columns, title: "name", dispensable: ["tokens", "cancelled", "time"] } as const;

/** One line each, and the sum of all under them where there are several. */
export function formatStats(works: readonly Work[], total: Work, by: Grouping, surface: Surface): string[] {
  if (works.length === 0) return [];
  const header: NamedCells<(typeof columns)[number]> = {
    name: { text: by.toUpperCase(), style: "dim" },
    done: { text: "DONE", style: "dim" },
    failed: { text: "FAILED", style: "dim" },
    cancelled: { text: "CANCELLED", style: "dim" },
    time: { text: "TIME", style: "dim" },
    tokens: { text: "TOKENS", style: "dim" },
    cost: { text: "COST", style: "dim" },
  };
  const rows = [...works, ...(works.length > 1 ? [total] : [])].map(cellsOf);
  const { width } = surface;
  return formatTable(cellsIn(width ?? Number.MAX_SAFE_INTEGER, [header, ...rows], layout), surface);
}

function cellsOf({ name, done, failed, cancelled, executionMs, usage }: Work): NamedCells<(typeof columns)[number]> {
  const { costUsd, ...tokens } = usage;
  const hasTokens = Object.values(tokens).some((count) => count > 0);
  return {
    name: { text: printable(name) },
    done: { text: count(done) },
    failed: failed === 0 ? { text: "-" } : { text: count(failed), style: "red" },
    cancelled: { text: count(cancelled) },
    time: { text: executionMs === 0 ? "-" : spentWords(executionMs) },
    tokens: { text: hasTokens ? usageWords({ ...tokens, costUsd: null }) : "-" },
    cost: { text: costUsd === null ? "-" : formatCost(costUsd) },
  };
}

function count(number: number): string {
  return number === 0 ? "-" : number.toLocaleString("en");
}
