import { join } from "node:path";
import { spawn } from "node-pty";
import { writeColouredLog } from "./coloured-log.ts";
import { type Figure, figure, type Measurement } from "./figure.ts";
import { type Rig, startRig } from "./rig.ts";
import { interleaved, median, timeMs } from "./statistics.ts";
import { openTmux, tmuxVersion } from "./tmux.ts";
import { openViewer } from "./viewer.ts";

const LOG_BYTES = 64 * 1024 * 1024;
const ROUNDS = 3;

export const throughput: Measurement = {
  name: "throughput",
  about: `${LOG_BYTES / 2 ** 20} MB of coloured log to a viewer that acknowledges, raw node-pty and tmux`,
  async run(): Promise<Figure[]> {
    await using rig = await startRig();
    const log = join(rig.cwd, "coloured.log");
    const bytes = await writeColouredLog(log, LOG_BYTES);
    const tmux = await tmuxVersion();
    const delivered: { share: number; skips: number }[] = [];
    const contenders = {
      raw: () => rawPty(rig, log),
      tally: () => throughTally(rig, log, (received, skips) => delivered.push({ share: received / bytes, skips })),
    };
    const samples: { raw: number[]; tally: number[]; tmux?: number[] } =
      tmux === null
        ? await interleaved(ROUNDS, contenders)
        : await interleaved(ROUNDS, { ...contenders, tmux: () => throughTmux(rig, log) });

    const speed = (times: readonly number[]) => bytes / 2 ** 20 / (median(times) / 1000);
    const perSecond = (times: readonly number[]) => `${speed(times).toFixed(0)} MB/s`;
    const tally = perSecond(samples.tally);
    const share = median(delivered.map((each) => each.share));
    const skips = median(delivered.map((each) => each.skips));
    return [
      figure({
        label: "terminal throughput / raw node-pty",
        value: speed(samples.tally) / speed(samples.raw),
        unit: "×",
        detail: `${tally}, raw ${perSecond(samples.raw)}; ${(share * 100).toFixed(0)} % of the bytes delivered, ${skips} skips`,
        atLeast: 0.5,
      }),
      ...(samples.tmux === undefined
        ? []
        : [
            figure({
              label: "terminal throughput / tmux",
              value: speed(samples.tally) / speed(samples.tmux),
              unit: "×",
              detail: `${tally}, ${tmux ?? "tmux"} ${perSecond(samples.tmux)}`,
              atLeast: 1,
            }),
          ]),
    ];
  },
};

/** Waits for a line, so that starting things is not measured; with output processing off, so that no byte is added. */
function catOnCue(log: string): [string, ...string[]] {
  return ["/bin/sh", "-c", 'stty -opost; printf ready; read -r _; exec cat "$1"', "sh", log];
}

async function rawPty(rig: Rig, log: string): Promise<number> {
  const [file, ...args] = catOnCue(log);
  const pty = spawn(file, args, { cwd: rig.cwd, env: { ...rig.env }, cols: 120, rows: 40, encoding: null });
  const exited = new Promise<void>((resolve) => pty.onExit(() => resolve()));
  await new Promise<void>((resolve) => {
    pty.onData(() => resolve());
  });
  return timeMs(() => {
    pty.write("\r");
    return exited;
  });
}

async function throughTally(
  rig: Rig,
  log: string,
  onDelivered: (receivedBytes: number, skips: number) => void,
): Promise<number> {
  const client = rig.connect();
  const { id } = await rig.start(client, catOnCue(log));
  const viewer = openViewer(client, id);
  try {
    await viewer.untilOutput();
    const time = await timeMs(() => {
      viewer.write("\r");
      return viewer.exited;
    });
    onDelivered(viewer.receivedBytes, viewer.skips);
    return time;
  } finally {
    viewer.dispose();
    await client.call("removeSession", { id });
  }
}

async function throughTmux(rig: Rig, log: string): Promise<number> {
  await using tmux = await openTmux(rig, catOnCue(log));
  return await timeMs(() => {
    tmux.write("\r");
    return tmux.paneExited;
  });
}
