import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { RouteBody } from "../../protocol/routes.ts";
import { pausedError } from "./gate.ts";
import type { ResumingOptions } from "./resuming.ts";
import type { StoredSession } from "../store/store.ts";

export type ResumeByHandOptions = Pick<ResumingOptions, "store" | "pauses" | "settings" | "now" | "goOn">;

/**
 * A person resumes it: what is held starts, what a limit stopped goes on, what has ended goes on in a new process.
 * @throws {TallyError} `paused` while a limit holds it, unless forced; `session-live`; `not-resumable`
 */
export async function resumeByHand(
  session: StoredSession,
  body: RouteBody<"resumeSession">,
  { store, pauses, settings, now, goOn }: ResumeByHandOptions,
): Promise<Session> {
  const isStopped = session.state === "PAUSED";
  const isIdleHeadless = session.mode === "headless" && session.pid === null && session.state !== "RUNNING";
  if (session.endedAt === null && !isStopped && !isIdleHeadless) {
    throw new TallyError("session-live", `Session ${session.id} runs. Show it: tally attach ${session.id}`);
  }
  const mayStart = (accountId: string, model: string | null) => {
    const pause = pauses.holding(accountId, model);
    if (pause && !body.force && settings().block === "block") throw pausedError(pause, now());
  };
  if (session.accountId !== null) mayStart(session.accountId, session.model);
  const before = session.continuation;
  const outcome = await goOn(session, {
    prompt: body.prompt ?? (isStopped ? settings().resumePrompt : null),
    continuation: before && { ...before, owner: "person", status: "resuming", at: now(), text: "You resumed it." },
    reason: "You resumed it.",
    given: { env: body.env, cols: body.cols, rows: body.rows, awaitViewerMs: body.awaitViewerMs },
    unlessInputWithinMs: 0,
    mayStart: (account, model) => mayStart(account.id, model ?? session.model),
  });
  if (outcome.outcome === "unreachable") {
    throw new TallyError("pty-host-unavailable", "The process that holds its terminal is not reachable. Try again.");
  }
  if (outcome.outcome === "impossible") {
    throw new TallyError("not-resumable", `Session ${session.id} cannot be resumed: ${outcome.why}`);
  }
  return store.session(session.id) ?? session;
}
