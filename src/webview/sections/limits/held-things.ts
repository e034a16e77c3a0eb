import { goesOnByItself, isStopped } from "../../../presentation/continuation-words.ts";
import { isQueued } from "../../../presentation/queue-rows.ts";
import { waitsForPause } from "../../../presentation/run-words.ts";
import { counted } from "../../../presentation/wording.ts";
import type { Session, Task } from "../../../protocol/entities.ts";
import type { Pause } from "../../../protocol/limits.ts";
import type { Model } from "../../../protocol/model.ts";

/** What a pause holds, by what becomes of it when the pause ends. */
export interface HeldThings {
  readonly goingOn: readonly Session[];
  /** Queued tasks begin by themselves. */
  readonly tasks: readonly Task[];
  /** They were stopped, and a person has to go on with them. */
  readonly staying: readonly Session[];
}

export function heldBy(pause: Pause, { sessions, tasks }: Pick<Model, "sessions" | "tasks">): HeldThings {
  const stopped = [...sessions.values()].filter(({ continuation }) => continuation?.pauseId === pause.id);
  return {
    goingOn: stopped.filter(goesOnByItself),
    tasks: pause.isInForce ? [...tasks.values()].filter((task) => isHeldOf(task, pause)) : [],
    staying: stopped.filter((session) => session.endedAt === null && isStopped(session)),
  };
}

function isHeldOf(task: Task, { accountId }: Pause): boolean {
  return task.accountId === accountId && isQueued(task) && waitsForPause(task);
}

/** `2 sessions and 1 queued task go on by themselves then.` Empty where nothing waits. */
export function goingOnWords({ goingOn, tasks }: HeldThings): string {
  const parts = [counted(goingOn.length, "session"), counted(tasks.length, "queued task")].filter(Boolean);
  if (parts.length === 0) return "";
  const isOne = goingOn.length + tasks.length === 1;
  return `${parts.join(" and ")} ${isOne ? "goes on by itself" : "go on by themselves"} then.`;
}

/** `1 session does not go on by itself.` Empty where all do. */
export function stayingWords({ staying }: HeldThings): string {
  if (staying.length === 0) return "";
  return `${counted(staying.length, "session")} ${staying.length === 1 ? "does not go on by itself" : "do not go on by themselves"}.`;
}
