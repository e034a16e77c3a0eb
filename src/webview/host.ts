import {
  type DashboardCommand,
  type DashboardRoute,
  type FromDashboard,
  parseAnswer,
  type ToDashboard,
  toDashboardSchema,
} from "../protocol/dashboard.ts";
import type { RouteBodyInput, RouteQueryInput, RouteResult } from "../protocol/routes.ts";
import { applyMessage } from "./live-state.ts";
import { goTo } from "./going-to.ts";
import { Refused } from "./refused.ts";

declare function acquireVsCodeApi(): {
  postMessage: (message: FromDashboard) => void;
  getState: () => unknown;
  setState: (state: unknown) => void;
};

/** The extension's end of this page. It can be acquired once. */
export const vscodeApi = acquireVsCodeApi();

type CallInput<N extends DashboardRoute> = {
  readonly param?: string;
} & ([RouteBodyInput<N>] extends [never] ? unknown : { readonly body: RouteBodyInput<N> }) &
  ([RouteQueryInput<N>] extends [never] ? unknown : { readonly query: RouteQueryInput<N> });

interface OpenCall {
  readonly take: (result: unknown) => void;
  readonly refuse: (error: Error) => void;
}

const openCalls = new Map<number, OpenCall>();
/** Of this page alone: an answer to the page that was here before must not be taken for one of ours. */
let lastId = Date.now() * 1_000;

/** Asks the gateway, through the extension. @throws {Refused} */
export function call<N extends DashboardRoute>(route: N, input: CallInput<N>): Promise<RouteResult<N>> {
  const id = ++lastId;
  const { param, query, body } = input as { param?: string; query?: unknown; body?: unknown };
  return new Promise((resolve, reject) => {
    openCalls.set(id, {
      take: (result) => {
        try {
          resolve(parseAnswer(route, result));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      },
      refuse: reject,
    });
    vscodeApi.postMessage({ type: "call", id, route, ...(param === undefined ? {} : { param }), query, body });
  });
}

/** Runs a command of the editor, as a click on the same in the tree would. */
export function runCommand(command: DashboardCommand, target?: string): void {
  vscodeApi.postMessage({ type: "command", command, ...(target === undefined ? {} : { target }) });
}

export function copyText(text: string): void {
  vscodeApi.postMessage({ type: "copy", text });
}

/** Takes what the extension says from now on, and asks for everything. */
export function followHost(): void {
  window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const parsed = toDashboardSchema.safeParse(data);
    if (parsed.success) take(parsed.data);
    else reportFailure(`A message that is none: ${parsed.error.message}`);
  });
  askForModel();
}

/** Whether all that is known was asked for and has not come yet: what changes meanwhile is in it. */
let isAsking = false;

function askForModel(): void {
  if (isAsking) return;
  isAsking = true;
  vscodeApi.postMessage({ type: "ready" });
}

function take(message: ToDashboard): void {
  switch (message.type) {
    case "answer":
      openCalls.get(message.id)?.take(message.result);
      openCalls.delete(message.id);
      return;
    case "refused":
      openCalls.get(message.id)?.refuse(new Refused(message.code, message.message, message.mayHaveArrived));
      openCalls.delete(message.id);
      return;
    case "show":
      goTo(message);
      return;
    case "model":
      isAsking = false;
      applyMessage(message);
      return;
    case "changes":
    case "connection":
      if (!applyMessage(message)) askForModel();
  }
}

/** What breaks in this page goes to the extension's log. */
export function reportFailures(): void {
  window.addEventListener("error", ({ message, error }) => {
    reportFailure(error instanceof Error ? error : message);
  });
  window.addEventListener("unhandledrejection", ({ reason }) => {
    reportFailure(reason);
  });
}

const MAX_MESSAGE_CHARS = 10_000;

/** For the extension's log. */
export function reportFailure(reason: unknown): void {
  const message = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
  vscodeApi.postMessage({ type: "failed", message: message.slice(0, MAX_MESSAGE_CHARS) });
}
