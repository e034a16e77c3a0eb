import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { GatewayClient } from "../../src/client/http.ts";
import { type Figure, figure, type Measurement } from "./figure.ts";
import { type Rig, startRig } from "./rig.ts";
import { median } from "./statistics.ts";
import { openViewer } from "./viewer.ts";

const run = promisify(execFile);
const STEPS = [0, 10, 50] as const;
const SAMPLES = 10;
const SAMPLE_EVERY_MS = 100;

export const memory: Measurement = {
  name: "memory",
  about: `resident memory of gateway and pty host with ${STEPS.join(", ")} idle sessions, beside an idle node`,
  async run(): Promise<Figure[]> {
    await using rig = await startRig();
    const client = rig.connect();
    await startAndEndOne(rig, client);
    const idleNode = spawn(process.execPath, ["-e", "console.log(); setInterval(() => {}, 1e6)"]);
    await once(idleNode.stdout, "data");
    const figures: Figure[] = [];
    let sessions = 0;
    try {
      for (const step of STEPS) {
        for (; sessions < step; sessions++) await startIdle(rig, client);
        const { pid, ptyHosts } = await client.call("health", {});
        const gateway = await residentMB(pid);
        const hosts = await Promise.all(ptyHosts.map((host) => residentMB(host.pid)));
        const bare = await residentMB(idleNode.pid ?? 0);
        const host = hosts.reduce((sum, each) => sum + each, 0);
        figures.push(
          figure({
            label: `memory with ${step} idle sessions`,
            value: gateway + host,
            unit: "MB",
            detail: `gateway ${gateway.toFixed(0)} MB, pty host ${host.toFixed(0)} MB, an idle node ${bare.toFixed(0)} MB`,
            ...(step === 0 ? { below: 140 } : {}),
          }),
        );
      }
    } finally {
      idleNode.kill();
    }
    return figures;
  },
};

/** A pty host is started by the first session and stays; with none it would not be there to be measured. */
async function startAndEndOne(rig: Rig, client: GatewayClient): Promise<void> {
  const { id } = await startIdle(rig, client);
  await client.call("endSession", { id, body: { force: true } });
  await client.call("removeSession", { id });
}

/** A session that has drawn something and waits for input. */
async function startIdle(rig: Rig, client: GatewayClient): Promise<{ id: string }> {
  const session = await rig.start(client, ["/bin/sh", "-c", "printf ready; exec cat"]);
  const viewer = openViewer(client, session.id);
  await viewer.untilOutput();
  viewer.dispose();
  return session;
}

/** Median over a second, so that one collection of garbage does not decide. */
async function residentMB(pid: number): Promise<number> {
  const samples: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const { stdout } = await run("ps", ["-o", "rss=", "-p", String(pid)]);
    samples.push(Number(stdout.trim()) / 1024);
    await delay(SAMPLE_EVERY_MS);
  }
  return median(samples);
}
