import type { Activity, TimedReading } from "../reading.ts";

const READY = /^◇ +Ready \(/u;
const ACTION_REQUIRED = /^✋ +Action Required \(/u;
/** `⏲`: a command runs that prints nothing. With `ui.showStatusInTitle` the model's thought stands in place of "Working…". */
const WORKING = /^[✦⏲] +\S/u;

/**
 * Titles as Gemini CLI makes them unless told otherwise, from the state that it draws its screen by: they also tell of an interrupted turn
 * and of a dialog that was answered. Not of what a dialog asks, nor of one that it opens at its start.
 */
export function readTitle(title: string): readonly TimedReading[] {
  const text = title.trimEnd();
  if (READY.test(text)) {
    return [{ type: "request-over" }, activity("idle", "Gemini CLI is ready.", "title: Ready")];
  }
  if (ACTION_REQUIRED.test(text)) {
    return [activity("waiting", "Gemini CLI waits for you.", "title: Action Required")];
  }
  if (WORKING.test(text)) {
    return [{ type: "request-over" }, activity("working", "Gemini CLI is working.", "title: Working")];
  }
  return [];
}

const ATTENTION = "Gemini CLI needs your attention";
const COMPLETE = "Gemini CLI session complete";

/** With `general.enableNotifications`: OSC 777 with a title, or OSC 9 with all in one. "Session" is its word for a turn. */
export function readNotification({ title, body }: { title: string | null; body: string }): readonly TimedReading[] {
  const text = title ?? body;
  const says = (head: string) => text === head || text.startsWith(`${head} | `);
  if (says(ATTENTION)) return [activity("waiting", "Gemini CLI waits for you.", "notification: needs your attention")];
  if (says(COMPLETE)) return [activity("idle", "Gemini CLI has finished its turn.", "notification: session complete")];
  return [];
}

function activity(activity: Activity, text: string, signal: string): TimedReading {
  return { type: "activity", activity, text, signal };
}
