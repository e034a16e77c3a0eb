import * as vscode from "vscode";
import { endpointFromFile } from "../../src/client/discovery.ts";
import { GatewayClient } from "../../src/client/http.ts";
import type { Session } from "../../src/protocol/entities.ts";
import { TallyError } from "../../src/protocol/errors.ts";
import { tallyHome } from "../../src/protocol/home.ts";
import type { Snapshot } from "../../src/protocol/events.ts";
import { until, untilDefined } from "../support/until.ts";

/** The gateway that the extension under test uses, seen by another client of it. */
export const gateway = new GatewayClient(async () => {
  const found = await endpointFromFile(tallyHome(process.env), process.env);
  if (!found) throw new TallyError("gateway-unreachable", "no gateway runs");
  return found.endpoint;
});

/** What another client sees. */
export function snapshot(): Promise<Snapshot> {
  return gateway.call("snapshot", {});
}

/** Starts a session of the demo agent without being asked anything, and waits for its terminal. */
export async function startDemo(title: string): Promise<{ session: Session; terminal: vscode.Terminal }> {
  await vscode.commands.executeCommand("tally.newSession", { agent: "demo", title });
  const session = (await snapshot()).sessions.find((each) => each.title === title);
  if (!session) throw new Error(`the gateway knows no session "${title}"`);
  return { session, terminal: await terminalNamed(title) };
}

export function terminalNamed(name: string): Promise<vscode.Terminal> {
  return untilDefined(
    () => vscode.window.terminals.find((terminal) => terminal.name === name),
    `a terminal "${name}"`,
    10_000,
    () => `there are: ${vscode.window.terminals.map((terminal) => terminal.name).join(", ")}`,
  );
}

export async function untilState(id: string, ...states: Session["state"][]): Promise<Session> {
  return untilDefined(
    async () => {
      const { session } = await gateway.call("getSession", { id });
      return states.includes(session.state) ? session : undefined;
    },
    `session ${id} to be ${states.join(" or ")}`,
  );
}

/** Closes the tab as a person does, with the editor's own command. */
export async function closeTab(terminal: vscode.Terminal): Promise<void> {
  terminal.show();
  await until(() => vscode.window.activeTerminal === terminal, "the terminal to be the active one");
  await vscode.commands.executeCommand("workbench.action.terminal.kill");
  await until(() => !vscode.window.terminals.includes(terminal), "the terminal to be closed");
}

/** Ends and removes every session, so that the next test starts with none. */
export async function removeAllSessions(): Promise<void> {
  for (const { id, endedAt } of (await snapshot()).sessions) {
    if (endedAt === null) await gateway.call("endSession", { id, body: { force: true } });
    await gateway.call("removeSession", { id });
  }
  for (const terminal of vscode.window.terminals) terminal.dispose();
  await until(() => vscode.window.terminals.length === 0, "all terminals to be closed");
}
