import assert from "node:assert/strict";
import type { Session } from "../../src/protocol/entities.ts";
import type { CodexHome } from "./codex.ts";
import type { TestGateway } from "./gateway.ts";
import type { Script } from "./loopback-api/answers.ts";
import { type SessionView, viewSession } from "./session-view.ts";
import { untilDefined } from "./until.ts";

/** A session of Codex with a view of it. */
export interface CodexSession extends Disposable {
  readonly id: string;
  readonly view: SessionView;
}

export async function startCodex(
  gateway: TestGateway,
  { cwd, env }: CodexHome,
  { args = [], extraEnv = {} }: { args?: string[]; extraEnv?: Record<string, string> } = {},
): Promise<CodexSession> {
  const session = { agent: "codex", args, cwd, env: { ...env, ...extraEnv }, awaitViewerMs: 10_000 };
  const { id } = await gateway.createSession(session);
  const view = viewSession(gateway.client, id);
  return { id, view, [Symbol.dispose]: () => view[Symbol.dispose]() };
}

/** On screen once Codex takes a prompt: its composer, empty. */
export const codexIsReady = /^› Ask Codex to do anything/m;

/** One script a turn of the API, in order. */
export function inTurn(...scripts: readonly Script[]): Script {
  return (request, turn) => (scripts[turn] ?? assert.fail(`nobody expects turn ${turn}`))(request, turn);
}

/** Types as a person does, a key after the other: keys that come at once are a paste to Codex, and Enter a part of it. */
export async function typePrompt(view: SessionView, text: string): Promise<void> {
  for (let end = 1; end <= text.length; end++) {
    view.type(text.slice(end - 1, end));
    // A blank at the end of a row cannot be seen.
    await view.screen.untilShows(`› ${text.slice(0, end).trimEnd()}`);
  }
  view.type("\r");
}

export function untilRequest(gateway: TestGateway, id: string): Promise<Session> {
  return untilDefined(() => {
    const session = gateway.model().sessions.get(id);
    return session?.request ? session : undefined;
  }, "a request");
}

export function promptTasks(gateway: TestGateway, id: string): [title: string, state: string][] {
  return [...gateway.model().tasks.values()]
    .filter(({ sessionId, kind }) => sessionId === id && kind === "prompt")
    .sort((one, other) => one.createdAt - other.createdAt)
    .map(({ title, state }) => [title, state]);
}

/** The prompts so far are as many as that, and all are dealt with. */
export async function untilTurnsEnded(gateway: TestGateway, id: string, count: number): Promise<void> {
  await untilDefined(
    () => {
      const tasks = promptTasks(gateway, id);
      return tasks.length === count && tasks.every(([, state]) => !["RUNNING", "WAITING_USER"].includes(state))
        ? true
        : undefined;
    },
    `${count} turns to be over`,
    20_000,
    () => JSON.stringify(promptTasks(gateway, id)),
  );
}
