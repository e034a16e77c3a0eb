import * as vscode from "vscode";
import * as z from "zod";
import { TallyError } from "../protocol/errors.ts";
import { type Pause, pauseSchema } from "../protocol/limits.ts";
import { heldQuestion, whenOver } from "../views/held-words.ts";

const heldDetailsSchema = z.object({ pause: pauseSchema });

/** The pause because of which the gateway refused; null when that is not why. */
export function pauseBehind(error: unknown): Pause | null {
  if (!(error instanceof TallyError) || error.code !== "paused") return null;
  const details = heldDetailsSchema.safeParse(error.details);
  return details.success ? details.data.pause : null;
}

/** `wait`: for the end of the pause. `anyway`: in spite of it. `other`: with another agent. */
export type HeldAnswer = "wait" | "anyway" | "other";

/** Says what holds a session, and asks what to do about it. Null when the person went away. */
export async function askHeld(
  pause: Pause,
  { isResume, offers }: { readonly isResume: boolean; readonly offers: readonly HeldAnswer[] },
): Promise<HeldAnswer | null> {
  const { message, detail } = heldQuestion(pause, Date.now(), isResume);
  const labels: Record<HeldAnswer, string> = {
    wait: whenOver(pause, isResume),
    anyway: isResume ? "Resume Anyway" : "Start Anyway",
    other: "Use Another Agent",
  };
  const shown = offers.map((offer) => labels[offer]);
  const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, ...shown);
  return offers.find((offer) => labels[offer] === chosen) ?? null;
}
