import type { Account, QuotaWindow } from "../../src/protocol/limits.ts";
import type { Session } from "../../src/protocol/entities.ts";
import type { StateSpan } from "../../src/protocol/stats.ts";
import { openDatabase } from "../../src/server/store/database.ts";
import { Store } from "../../src/server/store/store.ts";
import { aSession, aTask } from "../../test/support/entities.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How many tasks each agent did on each day, the last of them today. */
const workByAgent: Readonly<Record<string, readonly number[]>> = {
  claude: [3, 5, 8, 0, 1, 7, 9, 4, 10, 6, 2, 0, 8, 11, 6, 9, 0, 2, 11, 8, 12, 10, 7, 1, 3, 13, 9, 6],
  codex: [0, 0, 1, 0, 0, 2, 3, 1, 4, 2, 0, 0, 3, 5, 2, 4, 0, 0, 5, 3, 6, 2, 4, 0, 1, 6, 5, 3],
  gemini: [0, 1, 0, 0, 0, 0, 2, 1, 0, 1, 0, 0, 1, 2, 1, 0, 0, 1, 2, 3, 1, 2, 0, 0, 2, 3, 1, 2],
};
/** One in so many fails, and one in so many is cancelled. */
const FAILS_EACH = 9;
const CANCELLED_EACH = 17;

/** What of the last hours a live session spent in which state, the oldest first. */
export type PastStates = readonly { readonly state: Session["state"]; readonly minutes: number }[];

/**
 * Writes a past into the store of a gateway; who asks it from then on is told of it: four weeks of work, hours of states for sessions that live, and how the
 * accounts were used up.
 * @param statesByTitle of the sessions that live
 */
export function seedPast(stateDb: string, statesByTitle: Readonly<Record<string, PastStates>>): void {
  const db = openDatabase(stateDb);
  try {
    const store = new Store(db, () => Date.now());
    seedWork(store);
    seedUsage(store);
    const { sessions } = store.snapshot();
    for (const session of sessions) {
      const past = statesByTitle[session.title] ?? [];
      for (const { state, from } of spansBefore(session.stateSince, past)) {
        db.prepare(
          "INSERT OR REPLACE INTO state_spans (session_id, from_at, state, is_unknown) VALUES (?, ?, ?, 0)",
        ).run(session.id, from, state);
      }
    }
  } finally {
    db.close();
  }
}

/** Spans that end where the present state began. */
function spansBefore(stateSince: number, past: PastStates): Pick<StateSpan, "state" | "from">[] {
  let from = stateSince;
  return past.toReversed().map(({ state, minutes }) => {
    from -= minutes * MINUTE_MS;
    return { state, from };
  });
}

function seedWork(store: Store): void {
  const [project] = store.snapshot().projects;
  if (!project) throw new Error("No project is known yet.");
  const midnight = new Date().setHours(0, 0, 0, 0);
  let count = 0;
  for (const [agent, tasksByDay] of Object.entries(workByAgent)) {
    for (const [day, tasks] of tasksByDay.entries()) {
      const sessionId = `past-${agent}-${day}`;
      const startsAt = midnight - (tasksByDay.length - 1 - day) * DAY_MS;
      const common = { agent, projectId: project.id, createdAt: startsAt, updatedAt: startsAt };
      store.change((transaction) => {
        transaction.putSession(
          aSession({
            ...common,
            id: sessionId,
            rootTaskId: `${sessionId}-root`,
            cwd: project.path,
            state: "DONE",
            stateSince: startsAt,
            endedAt: startsAt + DAY_MS / 2,
            archivedAt: startsAt + DAY_MS / 2,
          }),
        );
        for (let task = 0; task < tasks; task++) {
          count += 1;
          const endedAt = Math.min(startsAt + (task + 1) * HOUR_MS, Date.now());
          const tokens = 900 + ((count * 577) % 1_900);
          transaction.putTask(
            aTask({
              ...common,
              id: `${sessionId}-${task}`,
              sessionId,
              kind: "prompt",
              title: "Past work",
              state: count % FAILS_EACH === 0 ? "ERROR" : count % CANCELLED_EACH === 0 ? "CANCELLED" : "DONE",
              startedAt: endedAt - (4 + (count % 7)) * MINUTE_MS,
              endedAt,
              updatedAt: endedAt,
              usage: {
                inputTokens: tokens * 12,
                outputTokens: tokens * 3,
                cacheReadTokens: tokens * 60,
                cacheWriteTokens: tokens * 8,
                costUsd: agent === "claude" ? tokens / 4_000 : null,
              },
            }),
          );
        }
      });
    }
  }
}

/** The accounts of the picture, with how much of their windows is used by now and when these reset. */
const accounts: readonly { readonly label: string; readonly agent: string; readonly windows: readonly UsedWindow[] }[] =
  [
    {
      label: "Claude Code",
      agent: "claude",
      windows: [
        { kind: "five-hour", usedPercent: 64, resetsInMs: 2.3 * HOUR_MS, fullInMs: null },
        { kind: "weekly", usedPercent: 38, resetsInMs: 3.4 * DAY_MS, fullInMs: null },
      ],
    },
    {
      label: "Codex",
      agent: "codex",
      windows: [
        { kind: "five-hour", usedPercent: 83, resetsInMs: 3.1 * HOUR_MS, fullInMs: 0.8 * HOUR_MS },
        { kind: "weekly", usedPercent: 52, resetsInMs: 5.2 * DAY_MS, fullInMs: null },
      ],
    },
  ];

interface UsedWindow {
  readonly kind: QuotaWindow["kind"];
  readonly usedPercent: number;
  readonly resetsInMs: number;
  readonly fullInMs: number | null;
}

/** So often an agent told of its use, in the last day. */
const TOLD_EACH_MS = 15 * MINUTE_MS;
const WINDOW_MS = 5 * HOUR_MS;
/** How much was used at the end of the windows before the present one, the latest first. */
const earlierPeaks = [71, 44, 18, 92, 60] as const;

function seedUsage(store: Store): void {
  const now = Date.now();
  for (const { label, agent, windows } of accounts) {
    const known = store.snapshot().accounts.find((account) => account.agent === agent);
    const account: Account = known ?? {
      id: `${agent}-past`,
      agent,
      label,
      isDefault: true,
      quotas: [],
      updatedAt: now,
    };
    for (let at = now - DAY_MS; at <= now; at += TOLD_EACH_MS) {
      const quotas = windows.map((window) => toldAt(window, at, now));
      store.change((transaction) => transaction.putAccount({ ...account, label, quotas, updatedAt: at }));
    }
  }
}

/** What the agent told of a window then: it fills evenly, and a short one begins anew each five hours. */
function toldAt({ kind, usedPercent, resetsInMs, fullInMs }: UsedWindow, at: number, now: number): QuotaWindow {
  const common = { kind, model: null, at, fullAt: fullInMs === null ? null : now + fullInMs };
  const resetsAt = now + resetsInMs;
  if (kind !== "five-hour") {
    const grown = 0.8 + 0.2 * (1 - (now - at) / DAY_MS);
    return { ...common, usedPercent: Math.round(usedPercent * grown), resetsAt };
  }
  const windowsAgo = Math.ceil((resetsAt - at) / WINDOW_MS) - 1;
  const itsReset = resetsAt - windowsAgo * WINDOW_MS;
  const share = 1 - (itsReset - at) / WINDOW_MS;
  const peak = windowsAgo === 0 ? usedPercent / (1 - resetsInMs / WINDOW_MS) : (earlierPeaks[windowsAgo - 1] ?? 0);
  return { ...common, usedPercent: Math.round(peak * share), resetsAt: itsReset };
}
