import type { Session } from "../protocol/entities.ts";
import type { Pause } from "../protocol/limits.ts";
import type { RouteBodyInput } from "../protocol/routes.ts";
import {
  continuationInFull,
  goesOnByItself,
  isHeld,
  isResumable,
  isStopped,
} from "../presentation/continuation-words.ts";
import { groupBy } from "../presentation/group-by.ts";
import type { HeldThing } from "../presentation/held-words.ts";
import { showInStatusBar } from "../views/messages.ts";
import { askHeld, pauseBehind } from "./ask-held.ts";
import { chooseSession, chooseSessions } from "./choose-session.ts";
import { requireTrust } from "./require-trust.ts";
import { sessionEnvironment } from "./session-environment.ts";
import { withEachInTurn } from "./several.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";

const SAID_MS = 5_000;
/** How long the program waits for its terminal, so that it starts at the terminal's size. */
const AWAIT_VIEWER_MS = 5_000;

/** Goes on with conversations: of sessions that a limit stopped, or that have ended. */
export async function resumeSession(tally: Tally, target?: unknown, selected?: unknown): Promise<void> {
  requireTrust();
  const choice = { placeholder: "Resume which session?", isFitting: isResumable };
  const sessions = await chooseSessions(tally, { target, selected }, choice);
  const held: Held[] = [];
  await withEachInTurn(sessions, async (session) => {
    const pause = await callUnlessHeld(tally, session);
    if (pause !== null) held.push({ session, pause });
  });
  await resumeHeld(tally, held);
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

/** A session that a pause keeps from going on. */
interface Held {
  readonly session: Session;
  readonly pause: Pause;
}

/** @returns the pause because of which it does not go on */
async function callUnlessHeld(tally: Tally, session: Session): Promise<Pause | null> {
  try {
    await call(tally, session, false);
    return null;
  } catch (error) {
    const pause = pauseBehind(error);
    if (!pause) throw error;
    return pause;
  }
}

/** Asks once for all that one pause holds and that can go on in the same way: what is said of one limit says nothing of another. */
async function resumeHeld(tally: Tally, held: readonly Held[]): Promise<void> {
  const groups = groupBy(held, ({ pause, session }) => {
    const { kind, wait } = heldThing(session);
    return `${pause.id} ${kind} ${wait}`;
  });
  for (const alike of groups.values()) {
    const [first] = alike;
    if (!first) continue;
    const titles = alike.map(({ session }) => session.title);
    const answer = await askHeld(first.pause, { ...heldThing(first.session), hasOther: false, titles });
    await withEachInTurn(alike, async ({ session }) => {
      if (answer === "wait") await setAutoResume(tally, session, true);
      if (answer === "anyway") await call(tally, session, true);
    });
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
  if (now.mode === "pty") await terminals.show(now);
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
  showInStatusBar(`Tally: "${title}"${said === null ? "" : `: ${said}`}`, SAID_MS);
}
