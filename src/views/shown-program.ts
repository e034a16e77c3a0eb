import * as vscode from "vscode";
import type { Model } from "../protocol/model.ts";
import type { Session, Worktree } from "../protocol/entities.ts";
import type { HelperProcess } from "../protocol/worktrees.ts";
import { heldWords, isHeld, wasCalledOff } from "../presentation/continuation-words.ts";
import { terminalName } from "../presentation/editor-text.ts";
import { isProcessLive, processName } from "../presentation/process-words.ts";
import { sessionIcon } from "./state-icons.ts";
import { endedWords, programName } from "../presentation/wording.ts";
import { worktreeName } from "../presentation/worktree-words.ts";

/** What a terminal tab shows: a session, or a helper process of a worktree. */
export interface ShownProgram {
  readonly id: string;
  readonly socket: "terminal" | "processTerminal";
  /** The session, where it is one. */
  readonly session: Session | null;
  readonly worktreeId: string | null;
  /** The tab's name. */
  readonly name: string;
  readonly icon: vscode.ThemeIcon;
  /** Whether it runs, or is going to. */
  readonly isLive: boolean;
  /** What is said of a launch that a limit holds, until it writes something itself. */
  readonly heldWords: string | null;
  /** What the terminal says below the last output. */
  readonly endedWords: (exitCode: number | null, signal: string | null) => string;
}

const CALLED_OFF = "Called off: it was never started.";

export function shownSession(session: Session): ShownProgram {
  const isLive = session.endedAt === null;
  return {
    id: session.id,
    socket: "terminal",
    session,
    worktreeId: session.worktreeId,
    name: terminalName(isLive ? session.title : `${session.title} (ended)`),
    icon: sessionIcon(session),
    isLive,
    heldWords: isHeld(session) ? heldWords(session) : null,
    endedWords: (exitCode, signal) => {
      // A signal: what could not be started ends without one.
      const isCalledOff = signal !== null && (isHeld(session) || wasCalledOff(session));
      return isCalledOff ? CALLED_OFF : endedWords(programName(session), exitCode, signal);
    },
  };
}

/** A process has no name of its own in the world: `backend (feature-x)`. */
export function shownProcess(process: HelperProcess, worktree: Worktree | undefined): ShownProgram {
  const name = process.kind === "process" ? processName(process) : process.kind;
  return {
    id: process.id,
    socket: "processTerminal",
    session: null,
    worktreeId: process.worktreeId,
    name: terminalName(worktree ? `${name} (${worktreeName(worktree)})` : name),
    icon: new vscode.ThemeIcon(process.kind === "process" ? "server-process" : "tools"),
    isLive: isProcessLive(process),
    heldWords: null,
    endedWords: (exitCode, signal) => endedWords(name, exitCode, signal),
  };
}

/** The session or the process with this id, as it is now. */
export function shownProgram(model: Model, id: string): ShownProgram | null {
  const session = model.sessions.get(id);
  if (session) return shownSession(session);
  const process = model.processes.get(id);
  return process ? shownProcess(process, model.worktrees.get(process.worktreeId)) : null;
}
