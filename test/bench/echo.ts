import { spawn } from "node-pty";
import { type Figure, figure, type Measurement } from "./figure.ts";
import { type Rig, startRig } from "./rig.ts";
import { interleaved, median, p95, timeMs } from "./statistics.ts";
import { openViewer } from "./viewer.ts";

const KEYSTROKES = 500;

/** Gives every byte back, and nothing else: what is measured is the way there and back. */
const echoProgram = ["/bin/sh", "-c", "stty raw -echo; printf ready; exec cat"] as const;

/** Something that sends a byte and tells when it came back. */
interface EchoPath extends AsyncDisposable {
  readonly ready: Promise<unknown>;
  roundTrip(): Promise<unknown>;
}

export const echo: Measurement = {
  name: "echo",
  about: `${KEYSTROKES} keystrokes to cat and back, through pty host and gateway and in a bare pty`,
  async run(): Promise<Figure[]> {
    await using rig = await startRig();
    await using bare = barePath(rig);
    await using tally = await tallyPath(rig);
    await Promise.all([bare.ready, tally.ready]);
    const samples = await interleaved(KEYSTROKES, {
      bare: () => timeMs(() => bare.roundTrip()),
      tally: () => timeMs(() => tally.roundTrip()),
    });
    const above = (of: (samples: readonly number[]) => number) => ({
      value: of(samples.tally) - of(samples.bare),
      detail: `${of(samples.tally).toFixed(2)} ms, bare ${of(samples.bare).toFixed(2)} ms`,
    });
    return [
      figure({ label: "keystroke echo above a bare pty, median", unit: "ms", ...above(median), below: 2 }),
      figure({ label: "keystroke echo above a bare pty, 95th percentile", unit: "ms", ...above(p95) }),
    ];
  },
};

function barePath(rig: Rig): EchoPath {
  const [file, ...args] = echoProgram;
  const pty = spawn(file, args, { cwd: rig.cwd, env: { ...rig.env }, encoding: null });
  const next = () =>
    new Promise<void>((resolve) => {
      const listening = pty.onData(() => {
        listening.dispose();
        resolve();
      });
    });
  const exited = new Promise<void>((resolve) => pty.onExit(() => resolve()));
  return {
    ready: next(),
    roundTrip() {
      const back = next();
      pty.write("x");
      return back;
    },
    async [Symbol.asyncDispose]() {
      pty.kill("SIGKILL");
      await exited;
    },
  };
}

async function tallyPath(rig: Rig): Promise<EchoPath> {
  const client = rig.connect();
  const session = await rig.start(client, echoProgram);
  const viewer = openViewer(client, session.id);
  return {
    ready: viewer.untilOutput(),
    roundTrip() {
      const back = viewer.untilOutput();
      viewer.write("x");
      return back;
    },
    [Symbol.asyncDispose]() {
      viewer.dispose();
      return Promise.resolve();
    },
  };
}
