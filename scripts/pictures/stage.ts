import type { GatewayClient } from "../../src/client/http.ts";
import type { CreateSession } from "../../src/protocol/routes.ts";
import { viewSession } from "../../test/support/session-view.ts";

/** Where the sessions of a picture run. */
export interface Stage {
  readonly client: GatewayClient;
  /** The project that the editor has open. */
  readonly cwd: string;
  readonly env: Record<string, string>;
}

const size = { cols: 100, rows: 16 };

/** Starts a session of the demo agent. @returns its id */
export async function start(
  { client, cwd, env }: Stage,
  title: string,
  whenPaused: NonNullable<CreateSession["whenPaused"]> = "refuse",
): Promise<string> {
  const body = { agent: "demo", title, cwd, env, ...size, whenPaused };
  return (await client.call("createSession", { body })).session.id;
}

/** Says something to a demo agent, which decides what it does next. */
export async function tell({ client }: Stage, id: string, prompt: string): Promise<void> {
  using view = viewSession(client, id, size);
  await view.screen.untilShows("Say anything");
  view.type(`${prompt}\r`);
  await view.screen.untilShows(prompt);
}
