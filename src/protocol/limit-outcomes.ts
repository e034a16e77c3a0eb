import type { Session } from "./entities.ts";
import { isHolding, type Pause } from "./limits.ts";

/** Whether a pause was tried out, and the limit is still there. That nobody knows until when is told once. */
export function isProlonged(before: Pause, now: Pause): boolean {
  return isHolding(before) && isHolding(now) && now.tries > before.tries && (before.until ?? now.until) !== null;
}

/** Whether what a limit held back was a launch, not a conversation: nothing has been said in it. */
export function wasStarted({ continuation, promptCount }: Pick<Session, "continuation" | "promptCount">): boolean {
  return continuation?.status === "resumed" && promptCount === 0;
}
