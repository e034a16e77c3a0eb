import * as vscode from "vscode";
import type { Session } from "../protocol/entities.ts";
import type { RouteBodyInput } from "../protocol/routes.ts";
import { continuationInFull, goesOnByItself, isHeld, isResumable, isStopped } from "../views/continuation-words.ts";
import type { HeldThing } from "../views/held-words.ts";
import { askHeld, pauseBehind } from "./ask-held.ts";
import { chooseSession } from "./choose-session.ts";
import { requireTrust } from "./require-trust.ts";
import { sessionEnvironment } from "./session-environment.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";

const SAID_MS = 5_000;
/** How long the program waits for its terminal, so that it starts at the terminal's size. */
const AWAIT_VIEWER_MS = 5_000;

/** Goes on with a conversation: of a session that a limit stopped, or of one that has ended. */
export async function resumeSession(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const session = await chooseSession(tally, target, {
    placeholder: "Resume which session?",
    isFitting: isResumable,
  });
  if (session !== null) await resume(tally, session);
}

/** The session does not go on by itself when its limit resets. */
export async function cancelAutoResume(tally: Tally, target?: unknown): Promise<void> {
  const session = await chooseSession(tally, target, {
    placeholder: "Which session shall not go on by itself?",
    isFitting: goesOnByItself,
  });
  if (session !== null) await setAutoResume(tally, session, false);
}

/** The session goes on by itself when its limit resets. */
export async function resumeWhenItResets(tally: Tally, target?: unknown): Promise<void> {
  const session = await chooseSession(tally, target, {
    placeholder: "Which session shall go on when its limit resets?",
    isFitting: isStopped,
  });
  if (session !== null) await setAutoResume(tally, session, true);
}

async function resume(tally: Tally, session: Session): Promise<void> {
  try {
    await call(tally, session, false);
  } catch (error) {
    const pause = pauseBehind(error);
    if (!pause) throw error;
    const answer = await askHeld(pause, { ...heldThing(session), hasOther: false });
    if (answer === "wait") await setAutoResume(tally, session, true);
    if (answer === "anyway") await call(tally, session, true);
  }
}

/** The gateway keeps nothing waiting that has ended. */
function heldThing(session: Session): HeldThing {
  if (session.endedAt !== null) return { kind: "ended", wait: "impossible" };
  const kind = isHeld(session) ? "launch" : "stopped";
  if (goesOnByItself(session)) return { kind, wait: "already" };
  return { kind, wait: session.continuation === null ? "impossible" : "offered" };
}

async function call({ link, terminals, settings }: Tally, session: Session, force: boolean): Promise<void> {
  const resumed = link.client.call("resumeSession", {
    id: session.id,
    body: { ...howToResume(session, settings.settings.resumePrompt), force },
  });
  const now = (await withSlowProgress(`Resuming "${session.title}"`, resumed)).session;
  if (now.mode === "pty") terminals.show(now);
}

/**
 * One that a limit stopped in the middle goes on with its work. One that has ended is only there again, and the person says what
 * next; it gets a new process, and with it this window's environment.
 */
function howToResume(session: Session, resumePrompt: string): RouteBodyInput<"resumeSession"> {
  if (isHeld(session)) return {};
  if (session.endedAt === null) return { prompt: resumePrompt };
  return { env: sessionEnvironment(session.cwd), awaitViewerMs: AWAIT_VIEWER_MS };
}

async function setAutoResume({ link }: Tally, { id, title }: Session, enabled: boolean): Promise<void> {
  const { session } = await link.client.call("setAutoResume", { id, body: { enabled } });
  const said = continuationInFull(session, Date.now());
  vscode.window.setStatusBarMessage(`Tally: "${title}"${said === null ? "" : `: ${said}`}`, SAID_MS);
}
