import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, rename, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { OrderEvent } from "./order-events.ts";
import { type Order, readOrders } from "./orders.ts";

const LOOK_AGAIN_MS = 20;
/** Long for who waits for it to end, and yet it does not stay for ever where a test has failed. */
const CHILD_LIVES_MS = 60 * 60 * 1_000;

export interface Conversation {
  /** Null: a new one of any id. */
  readonly id: string | null;
  readonly isResumed: boolean;
}

/** Obeys the lines of one prompt, and prints what it does as JSON, a line each. @returns the exit code */
export async function runJsonLines(prompt: string, conversation: Conversation): Promise<number> {
  print({ type: "conversation", id: conversation.id ?? randomUUID() });
  let said = "";
  for (const order of readOrders(prompt, Date.now(), conversation.isResumed)) {
    if (order.do === "say") said = order.text;
    const exitCode = await obey(order);
    if (exitCode !== null) return exitCode;
  }
  print({ type: "done", result: said });
  return 0;
}

/** @returns the exit code, where that ends the run */
async function obey(order: Order): Promise<number | null> {
  switch (order.do) {
    case "say":
    case "tool":
      print({ type: order.do, text: order.text });
      return null;
    case "tokens": {
      const { input, output, costUsd } = order;
      print({ type: "tokens", input, output, costUsd });
      return null;
    }
    case "touch":
      await appendFile(order.path, "");
      return null;
    case "append":
      await appendFile(order.path, `${order.text}\n`);
      return null;
    case "wait-for":
      while (!existsSync(order.path)) await delay(LOOK_AGAIN_MS);
      return null;
    case "spawn-child":
      await spawnChild(order.path);
      return null;
    case "refuse-quickly":
      return refuse(order.path);
    case "limit":
      if (Date.now() >= order.resetsAt) return null;
      print({ type: "limit", kind: order.kind, resetsAt: order.resetsAt });
      return 1;
    case "fail":
      print({ type: "failed", text: order.text, mayRetry: false });
      return 1;
    case "exit":
      return order.code;
  }
}

async function refuse(path: string | null): Promise<number | null> {
  if (path !== null && existsSync(path)) return null;
  if (path !== null) await appendFile(path, "");
  print({ type: "failed", text: "The demo agent is too busy just now.", mayRetry: true });
  return 1;
}

/** One that would outlive the agent, and its process group. Its id is in the file once the file is there. */
async function spawnChild(path: string): Promise<void> {
  const child = spawn(process.execPath, ["-e", `setTimeout(() => {}, ${CHILD_LIVES_MS})`], {
    detached: true,
    stdio: "ignore",
  });
  child.unref();
  await writeFile(`${path}.new`, String(child.pid));
  await rename(`${path}.new`, path);
}

function print(event: OrderEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
