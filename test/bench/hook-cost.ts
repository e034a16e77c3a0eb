import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hookLines } from "../../src/server/signals/hook-lines.ts";
import { Spool } from "../../src/server/signals/spool.ts";
import { type Figure, figure, type Measurement } from "./figure.ts";
import { interleaved, median, p95, timeMs } from "./statistics.ts";

const ROUNDS = 100;
/** As large as what an agent says of a tool call. */
const PAYLOAD = JSON.stringify({ hook_event_name: "PreToolUse", tool_input: { command: "x".repeat(2_000) } });

export const hookCost: Measurement = {
  name: "hooks",
  about:
    "what a hook adds to an agent's turn, beside a shell that only reads the payload, and how soon the gateway has it",
  async run(): Promise<Figure[]> {
    const root = await mkdtemp(join(tmpdir(), "tally-bench-hooks-"));
    const folder = join(root, "spool");
    let arrived: () => void = () => undefined;
    const spool = new Spool({
      folder,
      log: { warn: (message, fields) => console.error(message, fields) },
      onHook: () => arrived(),
      onAskGone: () => undefined,
    });
    const lines = hookLines({ spoolFolder: folder, gatewayPidFile: join(root, "gateway.pid"), sessionId: "bench" });
    if (!lines) throw new Error("there is no POSIX shell");
    await spool.start();
    try {
      let written = 0;
      const handOver = async () => {
        const temporary = join(folder, `.bench~hook~1~${(written += 1)}.tmp`);
        await writeFile(temporary, PAYLOAD);
        return timeMs(async () => {
          const arrival = new Promise<void>((resolve) => (arrived = resolve));
          await rename(temporary, join(folder, `bench~hook~1~${written}.json`));
          await arrival;
        });
      };
      const samples = await interleaved(ROUNDS, {
        nothing: () => timeMs(() => inShell("cat >/dev/null")),
        report: () => timeMs(() => inShell(lines.report("hook"))),
        status: () => timeMs(() => inShell(lines.wrap("status", "cat >/dev/null"))),
        spool: handOver,
      });
      const ms = (value: number) => `${value.toFixed(1)} ms`;
      const added = (
        label: string,
        of: (samples: readonly number[]) => number,
        taken: readonly number[],
        below?: number,
      ) =>
        figure({
          label,
          value: of(taken) - of(samples.nothing),
          unit: "ms",
          detail: `${ms(of(taken))}, \`cat >/dev/null\` ${ms(of(samples.nothing))}`,
          ...(below === undefined ? {} : { below }),
        });
      return [
        added("a hook above `cat >/dev/null`, median", median, samples.report, 25),
        added("a hook above `cat >/dev/null`, 95th percentile", p95, samples.report),
        figure({
          label: "a hook against `cat >/dev/null`",
          value: median(samples.report) / median(samples.nothing),
          unit: "×",
          detail: `medians of ${ROUNDS}`,
        }),
        added("a status line's own command, wrapped, above itself, median", median, samples.status, 25),
        figure({
          label: "spooled to taken by the gateway, median",
          value: median(samples.spool),
          unit: "ms",
          detail: `95th percentile ${ms(p95(samples.spool))}`,
          below: 100,
        }),
      ];
    } finally {
      await spool.stop();
      await rm(root, { recursive: true });
    }
  },
};

async function inShell(line: string): Promise<void> {
  const child = spawn("/bin/sh", ["-c", line], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdout.resume();
  child.stderr.resume();
  child.stdin.end(PAYLOAD);
  const [exitCode] = (await once(child, "close")) as [number | null];
  if (exitCode !== 0) throw new Error(`the line ended with ${exitCode ?? "a signal"}`);
}
