import * as vscode from "vscode";
import * as z from "zod";
import { TallyError } from "../protocol/errors.ts";
import { type Pause, pauseSchema } from "../protocol/limits.ts";
import { type HeldThing, heldQuestion, whenOver } from "../presentation/held-words.ts";
import { askInDialog } from "../views/messages.ts";
import { listed } from "./several.ts";

const heldDetailsSchema = z.object({ pause: pauseSchema });

/** The pause because of which the gateway refused; null when that is not why. */
export function pauseBehind(error: unknown): Pause | null {
  if (!(error instanceof TallyError) || error.code !== "paused") return null;
  const details = heldDetailsSchema.safeParse(error.details);
  return details.success ? details.data.pause : null;
}

/** `wait`: for the end of the pause. `anyway`: in spite of it. `other`: with another agent. */
export type HeldAnswer = "wait" | "anyway" | "other";

/** Stands where Enter would else go through the pause. */
const SHOW = "Show Limits";

export interface HeldOffers extends HeldThing {
  /** Whether another agent can take its place. */
  readonly hasOther: boolean;
  /** Of all sessions that the answer is for, where those may be several. */
  readonly titles?: readonly string[];
}

/** Says what holds a session, and asks what to do about it. Null when the person went away. */
export async function askHeld(pause: Pause, held: HeldOffers): Promise<HeldAnswer | null> {
  const { message, detail: why } = heldQuestion(pause, Date.now(), held);
  const detail = [listed(held.titles ?? []), why];
  const canWait = held.wait === "offered";
  const offers: readonly HeldAnswer[] = [
    ...(canWait ? (["wait"] as const) : []),
    "anyway",
    ...(held.hasOther ? (["other"] as const) : []),
  ];
  const labels: Record<HeldAnswer, string> = {
    wait: whenOver(pause, held.kind),
    anyway: held.kind === "launch" ? "Start Anyway" : "Resume Anyway",
    other: "Use Another Agent",
  };
  const shown = [...(canWait ? [] : [SHOW]), ...offers.map((offer) => labels[offer])];
  const chosen = await askInDialog({ message, detail }, ...shown);
  if (chosen === SHOW) await vscode.commands.executeCommand("tally.showLimits");
  return offers.find((offer) => labels[offer] === chosen) ?? null;
}
