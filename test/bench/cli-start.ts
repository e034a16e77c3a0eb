import { spawn as spawnInPipes } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { spawn as spawnInPty } from "node-pty";
import { type Figure, figure, type Measurement } from "./figure.ts";
import { dist, type Rig, startRig } from "./rig.ts";
import { interleaved, median, timeMs } from "./statistics.ts";

const WARM_ROUNDS = 15;
const COLD_ROUNDS = 5;

type Command = readonly [string, ...string[]];

const nothing: Command = ["true"];
const bareNode: Command = [process.execPath, "-e", "0"];
const tallyTrue: Command = [process.execPath, join(dist, "cli.cjs"), "true"];

export const cliStart: Measurement = {
  name: "cli",
  about: "`tally true` in pipes and in a terminal, with a warm and with a cold gateway, beside `true` and `node -e 0`",
  async run(): Promise<Figure[]> {
    await using rig = await startRig();
    await rig.connect().call("health", {});
    const warm = await interleaved(WARM_ROUNDS, {
      nothing: () => timeMs(() => inPipes(rig, nothing)),
      node: () => timeMs(() => inPipes(rig, bareNode)),
      tally: () => timeMs(() => inPipes(rig, tallyTrue)),
      nodeInTerminal: () => timeMs(() => inTerminal(rig, bareNode)),
      tallyInTerminal: () => timeMs(() => inTerminal(rig, tallyTrue)),
    });
    const cold = await interleaved(COLD_ROUNDS, {
      node: () => timeMs(() => inPipes(rig, bareNode)),
      async tally() {
        await rig.stopGateway();
        return timeMs(() => inPipes(rig, tallyTrue));
      },
    });
    return [
      above("`tally true` above `node -e 0`, gateway warm", warm.tally, warm.node, { below: 80 }, warm.nothing),
      above("the same in a terminal", warm.tallyInTerminal, warm.nodeInTerminal, { below: 80 }),
      above("`tally true` above `node -e 0`, gateway cold", cold.tally, cold.node),
    ];
  },
};

function above(
  label: string,
  tally: readonly number[],
  node: readonly number[],
  target: { below?: number } = {},
  nothingAtAll?: readonly number[],
): Figure {
  const ms = (samples: readonly number[]) => `${median(samples).toFixed(0)} ms`;
  return figure({
    label,
    value: median(tally) - median(node),
    unit: "ms",
    detail: `${ms(tally)}, node ${ms(node)}${nothingAtAll ? `, true ${ms(nothingAtAll)}` : ""}`,
    ...target,
  });
}

async function inPipes(rig: Rig, [file, ...args]: Command): Promise<void> {
  const child = spawnInPipes(file, args, { cwd: rig.cwd, env: rig.env, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.resume();
  child.stderr.resume();
  const [exitCode] = (await once(child, "close")) as [number | null];
  if (exitCode !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${exitCode ?? "a signal"}`);
}

async function inTerminal(rig: Rig, [file, ...args]: Command): Promise<void> {
  const pty = spawnInPty(file, args, { cwd: rig.cwd, env: { ...rig.env } });
  let shown = "";
  pty.onData((data) => (shown += data));
  const exitCode = await new Promise<number>((resolve) => {
    pty.onExit((exit) => resolve(exit.exitCode));
  });
  if (exitCode !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${exitCode}: ${shown}`);
}
