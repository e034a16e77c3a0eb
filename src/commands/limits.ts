import { TallyError } from "../protocol/errors.ts";
import type { Pause, Settings } from "../protocol/limits.ts";
import { clockTime } from "../presentation/limit-times.ts";
import { limitedName, untilWords } from "../presentation/limit-words.ts";
import { pausesOf } from "../presentation/tree-model.ts";
import { askInDialog, showInStatusBar } from "../views/messages.ts";
import { askText } from "../views/questions.ts";
import { chooseAccount, type ChosenAccount } from "./choose-account.ts";
import { choosePause, sayOver } from "./choose-pause.ts";
import { chooseUntil, type Until } from "./choose-until.ts";
import type { Tally } from "./tally.ts";

const SAID_MS = 5_000;

/** Holds every launch on an account by hand, for as long as the person says. */
export async function pauseAgent(tally: Tally, target?: unknown): Promise<void> {
  const chosen = await chooseAccount(tally, target);
  if (chosen === null) return;
  const title = `Tally: Pause ${chosen.label}`;
  const until = await chooseUntil(title);
  if (!until) return;
  const reason = await askReason(title);
  if (reason !== undefined) await startPause(tally, chosen, until, reason);
}

/** Says anew until when a person has paused an account. When a limit resets is not theirs to say. */
export async function changePause(tally: Tally, target?: unknown): Promise<void> {
  const pause = await choosePause(tally, target, {
    placeholder: "Change which pause?",
    isFitting: ({ kind }) => kind === "manual",
  });
  if (pause === null) return;
  const until = await chooseUntil(`Tally: Pause ${limitedName(pause)}`);
  if (until) await startPause(tally, accountOf(pause), until, pause.reason);
}

/** Takes what only looks like a limit for one. */
export async function pauseSuggested(tally: Tally, target?: unknown): Promise<void> {
  const pause = await choosePause(tally, target, {
    placeholder: "Pause which one?",
    isFitting: ({ isInForce }) => !isInForce,
  });
  if (pause === null) return;
  const isKnown = pause.until !== null && pause.until > Date.now();
  const until = isKnown ? { at: pause.until } : await chooseUntil(`Tally: Pause ${limitedName(pause)}`);
  if (!until) return;
  await startPause(tally, accountOf(pause), until, pause.reason);
  // The pause by hand takes its place.
  await endPause(tally, pause);
}

/** Lifts a pause; what it held goes on at once, which is asked first when that may only meet the limit again. */
export async function liftPause(tally: Tally, target?: unknown): Promise<void> {
  const pause = await choosePause(tally, target, {
    placeholder: "Lift which pause?",
    isFitting: ({ isInForce }) => isInForce,
  });
  if (pause !== null && (await confirmLift(tally, pause))) await endPause(tally, pause);
}

/** What looked like a limit is none. */
export async function dismissPause(tally: Tally, target?: unknown): Promise<void> {
  const pause = await choosePause(tally, target, {
    placeholder: "Dismiss which one?",
    isFitting: ({ isInForce }) => !isInForce,
  });
  if (pause !== null) await endPause(tally, pause);
}

async function confirmLift({ tree }: Tally, pause: Pause): Promise<boolean> {
  const waiting = pausesOf(tree.tree).find((node) => node.pause.id === pause.id)?.waiting.length ?? 0;
  if (pause.kind === "manual" || waiting === 0) return true;
  const lift = "Lift Pause";
  const sessions = waiting === 1 ? "1 session goes" : `${waiting} sessions go`;
  const message = `Lift the pause of ${limitedName(pause)}?`;
  const detail = `It is paused ${untilWords(pause, Date.now())}. ${sessions} on at once, and may meet the limit again.`;
  return (await askInDialog({ message, detail }, lift)) === lift;
}

async function endPause({ link, attention }: Tally, pause: Pause): Promise<void> {
  attention.limits.silence(pause.id);
  try {
    await link.client.call("endPause", { id: pause.id });
  } catch (error) {
    if (!(error instanceof TallyError) || error.code !== "pause-not-found") throw error;
    sayOver();
    return;
  }
  const done = pause.isInForce ? `${limitedName(pause)} is no longer paused` : "Dismissed";
  showInStatusBar(`Tally: ${done}`, SAID_MS);
}

function accountOf(pause: Pause): ChosenAccount {
  return { label: limitedName(pause), account: { accountId: pause.accountId } };
}

async function startPause(
  { link, attention, settings }: Tally,
  { label, account }: ChosenAccount,
  { at }: Until,
  reason: string,
): Promise<void> {
  const said = reason.trim() === "" ? {} : { reason: reason.trim() };
  const { pause } = await link.client.call("startPause", { body: { account, until: at, ...said } });
  attention.limits.silence(pause.id);
  const until = at === null ? "until you lift it" : `until ${clockTime(at, Date.now())}`;
  const effect = effects[settings.settings.block];
  showInStatusBar(`Tally: ${label} is paused ${until}${effect}`, SAID_MS);
}

/** What a person should know who has set that pauses do not hold anything. */
const effects: Record<Settings["block"], string> = {
  block: "",
  warn: ", but launches only warn (tally.limits.block)",
  off: ", but launches go through (tally.limits.block)",
};

async function askReason(title: string): Promise<string | undefined> {
  return askText({
    title,
    prompt: "Why? It is shown to whoever meets the pause. Enter without a reason is fine.",
    placeHolder: "Saving it for the release",
  });
}
