import { randomUUID } from "node:crypto";
import { agentEnvironment } from "../../client/environment.ts";
import type { Task, Worktree } from "../../protocol/entities.ts";
import type { AddTask } from "../../protocol/queue-routes.ts";
import { TallyError } from "../../protocol/errors.ts";
import { messageOf } from "../../protocol/message-of.ts";
import type { Consent } from "../approval/approve.ts";
import { onceApproved } from "../approval/approved.ts";
import type { CliContext } from "../context.ts";
import { commandLine } from "../screen/shell-words.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { resolveWorktree } from "../worktree/resolve-named.ts";
import { cancelOperation } from "../worktree/run-operation.ts";
import type { TaskCommand, TaskTarget, TaskWish } from "./task-options.ts";

/** Where tasks are done, as the gateway is told it. */
export interface TaskPlace {
  readonly place: AddTask["place"];
  /** The worktree that is being made for them; null where there is none to make. */
  readonly making: Worktree | null;
}

/** Finds the place that is meant; where it is a new worktree, that is begun, and made while its tasks wait. */
export async function placeOf(wish: TaskWish, consent: Consent, context: CliContext): Promise<TaskPlace> {
  const { target } = wish;
  switch (target.kind) {
    case "here":
      return { place: { cwd: process.cwd() }, making: null };
    case "session":
      return { place: { sessionId: await sessionCalled(target.ref, context) }, making: null };
    case "worktree":
      return { place: { worktreeId: (await resolveWorktree(target.ref, context)).worktree.id }, making: null };
    case "new": {
      await checkDoer(wish, consent, context);
      const making = await newOrNamed(wish.command, target.name, () => beginWorktree(target, consent, context));
      return { place: { worktreeId: making.id }, making };
    }
  }
}

async function sessionCalled(ref: string, { client }: CliContext): Promise<string> {
  return (await client.call("resolveSession", { query: { ref } })).session.id;
}

/** What the task would be refused with, where that can be known before a worktree is made for it. @throws {TallyError} */
async function checkDoer({ order }: TaskWish, consent: Consent, context: CliContext): Promise<void> {
  const { agent, persona, args = [] } = order;
  if (agent === undefined && persona === undefined) return;
  const cwd = process.cwd();
  const body = {
    ...(agent === undefined ? {} : { agent }),
    ...(persona === undefined ? {} : { persona }),
    args,
    cwd,
    env: agentEnvironment(context.env),
  };
  await onceApproved(() => context.client.call("checkLaunch", { body }), { cwd, consent, context });
}

/** @throws {TallyError} for one that is there already, with how the task is done in it */
async function newOrNamed<T>(command: TaskCommand, name: string, begin: () => Promise<T>): Promise<T> {
  try {
    return await begin();
  } catch (error) {
    // The words for one that is not whole tell how to repair it.
    if (!(error instanceof TallyError) || error.code !== "worktree-exists" || error.message.includes("tally repair"))
      throw error;
    const way = `tally ${command} ... --worktree ${commandLine([name])}`;
    throw new TallyError(error.code, `Worktree ${printable(name)} is there already. Do it there: ${way}`);
  }
}

async function beginWorktree(
  { name, from, skipCommands }: Extract<TaskTarget, { kind: "new" }>,
  consent: Consent,
  context: CliContext,
): Promise<Worktree> {
  const cwd = process.cwd();
  const env = agentEnvironment(context.env);
  const wish = {
    cwd,
    name,
    ...(from === null ? {} : { from }),
    agent: null,
    env,
    origin: "cli",
    skipCommands,
  } as const;
  const { worktree } = await onceApproved(
    () => context.client.call("addWorktree", { body: { ...wish, operationId: randomUUID() } }),
    { cwd, consent, context },
  );
  return worktree;
}

export interface TaskOrder {
  readonly prompt: string;
  readonly place: AddTask["place"];
  readonly at: NonNullable<AddTask["at"]>;
  readonly whenPaused: NonNullable<AddTask["whenPaused"]>;
}

/** Hands a task over to Tally. @throws {TallyError} what the gateway refuses it with, `paused` among it */
export async function handOver(
  order: TaskOrder,
  { wish, consent }: { readonly wish: TaskWish; readonly consent: Consent },
  context: CliContext,
): Promise<Task> {
  const body = { ...wish.order, ...order, env: agentEnvironment(context.env), origin: "cli" } as const;
  const { task } = await onceApproved(() => context.client.call("addTask", { body }), {
    cwd: process.cwd(),
    consent,
    context,
  });
  return task;
}

/** Does what needs the place; where that fails, a worktree that was begun for it is undone. */
export async function orUndone<T>({ making }: TaskPlace, act: () => Promise<T>, context: CliContext): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (making !== null) await undo(making, context);
    throw error;
  }
}

async function undo(worktree: Worktree, context: CliContext): Promise<void> {
  const { name } = worktree;
  try {
    const end = await cancelOperation(worktree, context);
    // It may have been made before it could be undone.
    if (end.kind !== "gone")
      say(`Worktree ${printable(name)} is there. Remove it: ${commandLine(["tally", "remove", name])}`);
  } catch (error) {
    say(`Worktree ${printable(name)} could not be undone: ${messageOf(error)}`);
  }
}
