import * as vscode from "vscode";
import { type ErrorCode, TallyError } from "../protocol/errors.ts";
import { messageOf } from "../protocol/message-of.ts";
import { showError } from "./messages.ts";

interface Action {
  readonly label: string;
  readonly command: string;
  readonly args?: readonly unknown[];
}

const showLog: Action = { label: "Show Gateway Log", command: "tally.showGatewayLog" };
const restartGateway: Action = { label: "Restart Gateway", command: "tally.restartGateway" };
const newSession: Action = { label: "New Session", command: "tally.newSession" };

/** What a person can do about a failure, right from its message. */
const actions: Partial<Record<ErrorCode, readonly Action[]>> = {
  "gateway-start-failed": [showLog, restartGateway],
  "gateway-unreachable": [showLog, restartGateway],
  "gateway-stopping": [restartGateway],
  "pty-host-unavailable": [showLog, restartGateway],
  "spawn-failed": [showLog],
  internal: [showLog],
  unauthorized: [restartGateway],
  "agent-unknown": [newSession],
  "program-missing": [newSession],
  "session-ended": [newSession],
  "runtime-missing": [
    { label: "Get Node.js", command: "vscode.open", args: [vscode.Uri.parse("https://nodejs.org/en/download")] },
  ],
};

/** Tells the person what went wrong, with a button for what can be done about it. Never rejects. */
export async function showFailure(error: unknown): Promise<void> {
  const failure = error instanceof TallyError ? error : new TallyError("internal", messageOf(error));
  const offered = actions[failure.code] ?? [];
  const chosen = await showError(failure.message, ...offered.map((action) => action.label));
  const action = offered.find((each) => each.label === chosen);
  if (!action) return;
  try {
    await vscode.commands.executeCommand(action.command, ...(action.args ?? []));
  } catch {
    // The command has shown its own failure.
  }
}
