// The bench: `npm run bench [-- --json file] [-- --only name]`. A report, so a missed target is no failure; a measurement that breaks is.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { activation } from "./activation.ts";
import { cliStart } from "./cli-start.ts";
import { dashboard } from "./dashboard.ts";
import { echo } from "./echo.ts";
import { eventLatency } from "./event-latency.ts";
import type { Measurement } from "./figure.ts";
import { history } from "./history.ts";
import { hookCost } from "./hook-cost.ts";
import { memory } from "./memory.ts";
import { json, loadPerCpu, type Outcome, table } from "./report.ts";
import { sizes } from "./sizes.ts";
import { stateLatency } from "./state-latency.ts";
import { throughput } from "./throughput.ts";
import { treeLatency } from "./tree-latency.ts";
import { treeRefresh } from "./tree-refresh.ts";
import { worktreeAdd } from "./worktree-add.ts";

const measurements: readonly Measurement[] = [
  throughput,
  echo,
  cliStart,
  eventLatency,
  treeLatency,
  treeRefresh,
  dashboard,
  stateLatency,
  hookCost,
  worktreeAdd,
  history,
  memory,
  activation,
  sizes,
];

const { values } = parseArgs({ options: { json: { type: "string" }, only: { type: "string", multiple: true } } });
const chosen = measurements.filter(({ name }) => values.only?.includes(name) ?? true);
if (chosen.length === 0) {
  console.error(`Nothing to measure; --only takes ${measurements.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

const loadAtStart = loadPerCpu();
const outcomes: Outcome[] = [];
for (const { name, about, run } of chosen) {
  console.error(`${name}: ${about} ...`);
  outcomes.push(
    await run().then(
      (figures) => ({ measurement: name, figures, failure: null }),
      (error: unknown) => ({ measurement: name, figures: [], failure: String(error) }),
    ),
  );
}
console.log(table(outcomes));
if (loadAtStart > 0.5) {
  console.log(
    `\nThe machine was busy (load ${loadAtStart.toFixed(1)} per processor): differences in ms come out too high.`,
  );
}
if (values.json) await writeFile(values.json, json(outcomes, loadAtStart));
process.exitCode = outcomes.some(({ failure }) => failure !== null) ? 1 : 0;
