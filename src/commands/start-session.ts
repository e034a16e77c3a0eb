import * as vscode from "vscode";
import { TallyError } from "../protocol/errors.ts";
import type { Session } from "../protocol/entities.ts";
import type { CreatedSession, CreateSession } from "../protocol/routes.ts";
import type { Pause } from "../protocol/limits.ts";
import { limitedName, untilWords } from "../presentation/limit-words.ts";
import { showWarning } from "../views/messages.ts";
import { approvePersona } from "./approve-persona.ts";
import { askHeld, pauseBehind } from "./ask-held.ts";
import { type AgentChoice, chooseAgent } from "./choose-agent.ts";
import { sessionEnvironment } from "./session-environment.ts";
import { findOffers, without } from "./session-offers.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";

/** How long the program waits for its terminal, so that it starts at the terminal's size. */
const AWAIT_VIEWER_MS = 5_000;

export interface Launch {
  readonly choice: AgentChoice;
  readonly folder: string;
  readonly title: string;
}

/**
 * Starts a session. What stands in the way is for the person to decide: a pause that holds it, a persona of the repository that
 * nobody has approved yet. Null when they went away.
 */
export async function startSession(tally: Tally, { choice, folder, title }: Launch): Promise<Session | null> {
  const tried: AgentChoice[] = [];
  let chosen = choice;
  let whenPaused: CreateSession["whenPaused"] = "refuse";
  for (;;) {
    try {
      const { session, pause } = await create(tally, { choice: chosen, folder, title }, whenPaused);
      // Only where the person has set that a pause warns does a launch go through that nobody asked to.
      if (pause !== null && whenPaused === "refuse") void sayStartedInSpite(pause);
      return session;
    } catch (error) {
      if (isUnapproved(error) && chosen.persona !== undefined) {
        if (await approvePersona(tally, folder, chosen.persona)) continue;
        return null;
      }
      const pause = pauseBehind(error);
      if (!pause) throw error;
      const answer = await askHeld(pause, { kind: "launch", wait: "offered", hasOther: true });
      if (answer === null) return null;
      whenPaused = answer === "anyway" ? "start" : answer === "wait" ? "hold" : "refuse";
      if (answer !== "other") continue;
      tried.push(chosen);
      const other = await chooseAgent(without(await findOffers(tally, folder), tried), tally.memory);
      if (other === null) return null;
      chosen = other;
    }
  }
}

function isUnapproved(error: unknown): boolean {
  return error instanceof TallyError && error.code === "approval-needed";
}

async function create(
  { link }: Tally,
  { choice, folder, title }: Launch,
  whenPaused: CreateSession["whenPaused"],
): Promise<CreatedSession> {
  const { agent, persona, args } = choice;
  const created = link.client.call("createSession", {
    body: {
      ...(persona === undefined ? { agent } : { persona }),
      args: [...args],
      cwd: folder,
      env: sessionEnvironment(folder),
      origin: "editor",
      awaitViewerMs: AWAIT_VIEWER_MS,
      whenPaused,
      ...(title.trim() ? { title: title.trim() } : {}),
    },
  });
  return withSlowProgress("Starting the session", created);
}

async function sayStartedInSpite(pause: Pause): Promise<void> {
  const show = "Show Limits";
  const said = `Started, although ${limitedName(pause)} is paused ${untilWords(pause, Date.now())}.`;
  if ((await showWarning(said, show)) === show) {
    await vscode.commands.executeCommand("tally.showLimits");
  }
}
