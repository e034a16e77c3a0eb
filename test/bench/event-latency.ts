import { once } from "node:events";
import { type TallyEvent, eventFrameSchema } from "../../src/protocol/events.ts";
import { type Figure, figure, type Measurement } from "./figure.ts";
import { startRig } from "./rig.ts";
import { interleaved, median, p95, timeMs } from "./statistics.ts";

const POSTS = 300;

export const eventLatency: Measurement = {
  name: "events",
  about: `${POSTS} tasks posted by one client, until each is in another client's event stream`,
  async run(): Promise<Figure[]> {
    await using rig = await startRig();
    const poster = rig.connect();
    const follower = await rig.connect().socket("events");
    const waiting = new Map<string, () => void>();
    const arrived = (id: string) => new Promise<void>((resolve) => waiting.set(id, resolve));
    follower.on("message", (data: Buffer) => {
      const frame = eventFrameSchema.parse(JSON.parse(data.toString("utf8")));
      if (frame.type === "events") for (const id of frame.events.flatMap(changedTask)) waiting.get(id)?.();
    });
    await once(follower, "message");

    let posted = 0;
    const post = (id: string) =>
      poster.call("upsertTask", {
        body: { project: { repoPath: rig.cwd }, task: { id, agent: "bench", title: "A task", state: "RUNNING" } },
      });
    const samples = await interleaved(POSTS, {
      request: () => timeMs(() => poster.call("health", {})),
      event: () => {
        const id = `bench-${(posted += 1)}`;
        return timeMs(() => Promise.all([arrived(id), post(id)]).then(() => undefined));
      },
    });
    follower.terminate();
    const detail = (of: (samples: readonly number[]) => number) =>
      `a plain request takes ${of(samples.request).toFixed(2)} ms`;
    return [
      figure({
        label: "post to event, median",
        value: median(samples.event),
        unit: "ms",
        detail: detail(median),
        below: 100,
      }),
      figure({ label: "post to event, 95th percentile", value: p95(samples.event), unit: "ms", detail: detail(p95) }),
    ];
  },
};

function changedTask({ change }: TallyEvent): string[] {
  return change.type === "task.changed" ? [change.task.id] : [];
}
