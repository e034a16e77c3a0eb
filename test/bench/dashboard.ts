import { setTimeout as delay } from "node:timers/promises";
import type { Frame, Page } from "playwright-core";
import type { GatewayClient } from "../../src/client/http.ts";
import { onScreen } from "../../scripts/editor/tally.ts";
import { openDashboard } from "../support/editor/dashboard.ts";
import { openEditor } from "../support/editor/open-editor.ts";
import { clientOf, testHome } from "../support/gateway.ts";
import { countRedraws, heapBytes, traced, untilSaid } from "./dashboard-page.ts";
import { fillState, type FilledState, SESSIONS, TASKS } from "./dashboard-state.ts";
import { workPerFrameMs } from "./dashboard-trace.ts";
import { extensionHostCpuMs } from "./extension-host.ts";
import { type Figure, figure, type Measurement } from "./figure.ts";
import { median, p95 } from "./statistics.ts";

const EVENTS_A_SECOND = 20;
const SECONDS = 6;
const RENAMES = 15;
const SCRIPT = "/dashboard.js";
const MB = 2 ** 20;

export const dashboard: Measurement = {
  name: "dashboard",
  about: `${SESSIONS} sessions, ${TASKS} open tasks and ${EVENTS_A_SECOND} events a second, as the dashboard and the tree show them`,
  async run(): Promise<Figure[]> {
    const place = await testHome();
    const { home, env } = place;
    const filled = fillState(home.stateDb, home.root, Date.now());
    const client = clientOf(env);
    const editor = await openEditor({ home: home.root });
    try {
      const { page } = editor;
      await client.call("health", {});
      await editor.openViews(onScreen.container);
      await editor.treeRow(onScreen.view, filled.first.title).waitFor();
      const withoutIt = await heapBytes(page);
      const frame = await openDashboard(editor);
      await frame.getByText(filled.first.title).first().waitFor();

      const idle = workPerFrameMs(await traced(page, () => delay(SECONDS * 1_000)), SCRIPT);
      const redraws = await countRedraws(page, onScreen.view);
      let changes = 0;
      const cpuBefore = extensionHostCpuMs(home.root);
      const trace = await traced(page, async () => {
        const steady = changeSteadily(client, filled);
        await delay(SECONDS * 1_000);
        changes = await steady.stop();
      });
      const busy = workPerFrameMs(trace, SCRIPT);
      const redrawn = await redraws.count();
      const cpuMs = extensionHostCpuMs(home.root) - cpuBefore;
      const rename = renaming(client, filled, page, frame);
      const others = changeSteadily(client, filled);
      const amidOthers = await repeated(rename).finally(others.stop);
      const alone = await repeated(rename);
      const lags = alone.map(({ inTree, onDashboard }) => onDashboard - inTree);
      const withIt = await heapBytes(page);
      return [
        figure({
          label: "dashboard's work per frame, 95th percentile",
          value: p95(busy),
          unit: "ms",
          detail: `${changes} events in ${SECONDS} s; ${told(busy)}; idle: ${told(idle)}`,
          below: 16,
        }),
        figure({
          label: "dashboard's memory, after a collection",
          value: (withIt - withoutIt) / MB,
          unit: "MB",
          detail: `added to the ${(withoutIt / MB).toFixed(0)} MB of the window that it is in`,
          below: 60,
        }),
        figure({
          label: "a change on the dashboard after the tree, 95th percentile",
          value: p95(lags),
          unit: "ms",
          detail: `median ${median(lags).toFixed(0)} ms, worst ${Math.max(...lags).toFixed(0)} ms`,
          below: 100,
        }),
        shownAfter("tree", amidOthers, ({ inTree }) => inTree),
        shownAfter("dashboard", amidOthers, ({ onDashboard }) => onDashboard),
        figure({
          label: "the extension host's work for an event",
          value: cpuMs / changes,
          unit: "ms",
          detail: `${cpuMs} ms of a processor for ${changes} events`,
        }),
        figure({
          label: "rows of the tree redrawn for an event",
          value: redrawn.rows / changes,
          unit: "×",
          detail: `${redrawn.rows} for ${changes} events; ${redrawn.visible} rows are on the screen`,
          // With a project's counts the editor draws all that stands below it.
          below: 3,
        }),
      ];
    } finally {
      client.dispose();
      await editor.dispose();
      await place.dispose();
    }
  },
};

/** What tasks and sessions do all day, evenly over all of them, until it is stopped; then how many events there were. */
function changeSteadily(client: GatewayClient, { sessionIds, foreignTasks }: FilledState) {
  let isStopped = false;
  const run = async () => {
    const before = await client.call("snapshot", {});
    const startedAt = Date.now();
    for (let n = 0; !isStopped; n++) {
      const task = foreignTasks[(n * 7) % foreignTasks.length];
      const sessionId = sessionIds[(n * 7) % sessionIds.length] ?? "";
      const state = task?.state === "RUNNING" ? "IDLE" : "RUNNING";
      // A session's root task follows its title, so that this is two events.
      if (n % 4 === 0) await client.call("renameSession", { id: sessionId, body: { title: `Renamed at ${n}` } });
      else if (task) await client.call("setTaskState", { body: { taskId: task.id, state, details: `Step ${n}` } });
      await delay(Math.max(0, startedAt + ((n + 1) * 1_000) / EVENTS_A_SECOND - Date.now()));
    }
    const after = await client.call("snapshot", {});
    return after.seq - before.seq;
  };
  const running = run();
  return {
    stop: () => {
      isStopped = true;
      return running;
    },
  };
}

interface Shown {
  /** When a task's new title was sent, and when it was there, by the clock that all share. */
  readonly sentAt: number;
  readonly inTree: number;
  readonly onDashboard: number;
}

/** Gives a task that is on both screens another title with each call. */
function renaming(client: GatewayClient, { first }: FilledState, page: Page, frame: Frame): () => Promise<Shown> {
  let n = 0;
  return async () => {
    const title = `Called ${n++}.`;
    const both = Promise.all([untilSaid(page.mainFrame(), title), untilSaid(frame, title)]);
    // Both must be looking before there is anything to see.
    await Promise.all([page.evaluate(() => undefined), frame.evaluate(() => undefined)]);
    const sentAt = Date.now();
    const task = { id: first.id, title };
    await client.call("upsertTask", { body: { project: { repoPath: first.repoPath }, task } });
    const [inTree, onDashboard] = await both;
    return { sentAt, inTree, onDashboard };
  };
}

async function repeated(rename: () => Promise<Shown>): Promise<Shown[]> {
  const shown: Shown[] = [];
  for (let n = 0; n < RENAMES; n++) shown.push(await rename());
  return shown;
}

/** How long a change took to one of the screens while others came. */
function shownAfter(place: string, shown: readonly Shown[], at: (shown: Shown) => number): Figure {
  const took = shown.map((each) => at(each) - each.sentAt);
  return figure({
    label: `a change on the ${place} amid those events, median`,
    value: median(took),
    unit: "ms",
    detail: `95th percentile ${p95(took).toFixed(0)} ms, worst ${Math.max(...took).toFixed(0)} ms`,
  });
}

function told(frames: readonly number[]): string {
  if (frames.length === 0) return "no frame";
  return `${frames.length} frames, median ${median(frames).toFixed(1)} ms, worst ${Math.max(...frames).toFixed(1)} ms`;
}
