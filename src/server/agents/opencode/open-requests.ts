import type { TimedReading } from "../reading.ts";
import { timeOfId } from "./id-time.ts";
import type { Part, Permission, QuestionRequest } from "./payloads.ts";
import { type Asked, permissionRequest, questionRequest, type ToolInput } from "./requests.ts";

interface Open {
  readonly request: Asked;
  readonly signal: string;
  readonly at: number;
  /** Null for a question. */
  readonly permission: Permission | null;
}

/** What opencode's server asks its person, all of its sessions together: its terminal shows sub-agents' dialogs too. */
export class OpenRequests {
  readonly #now: () => number;
  readonly #open = new Map<string, Open>();
  readonly #over = new Set<string>();
  /** What the tool calls that go on were called with, by call. */
  readonly #inputs = new Map<string, ToolInput>();

  constructor(now: () => number) {
    this.#now = now;
  }

  permission(permission: Permission): TimedReading[] {
    const input = permission.tool && this.#inputs.get(permission.tool.callID);
    return this.#ask({ request: permissionRequest(permission, input), signal: "permission.asked", permission });
  }

  question(question: QuestionRequest): TimedReading[] {
    return this.#ask({ request: questionRequest(question), signal: "question.asked", permission: null });
  }

  over(id: string): TimedReading[] {
    this.#over.add(id);
    this.#open.delete(id);
    return [{ type: "request-over", id }];
  }

  /** What a tool is called with may be told a moment after it asks for permission. */
  tool({ callID, state }: Extract<Part, { type: "tool" }>): TimedReading[] {
    if (state.status === "completed" || state.status === "error") {
      this.#inputs.delete(callID);
      return [];
    }
    if (Object.keys(state.input).length === 0) return [];
    this.#inputs.set(callID, state.input);
    return [...this.#open.values()].flatMap(({ request, permission }) => {
      if (permission?.tool?.callID !== callID) return [];
      const isFuller = permissionRequest(permission, state.input).detail !== request.detail;
      return isFuller ? [{ type: "request-over", id: request.id }, ...this.#again(this.permission(permission))] : [];
    });
  }

  /** These are open, as of a moment ago: what events have told to be over since then is over. */
  also(permissions: readonly Permission[], questions: readonly QuestionRequest[]): TimedReading[] {
    const isOpen = ({ id }: { readonly id: string }) => !this.#over.has(id);
    return this.#again([
      ...permissions.filter(isOpen).flatMap((permission) => this.permission(permission)),
      ...questions.filter(isOpen).flatMap((question) => this.question(question)),
    ]);
  }

  /** Of all that was asked before `asOf` only these are open; what was asked later is told by events. */
  only(asOf: number, permissions: readonly Permission[], questions: readonly QuestionRequest[]): TimedReading[] {
    for (const { request, at } of this.#open.values()) if (at <= asOf) this.#open.delete(request.id);
    return [{ type: "request-over", at: asOf }, ...this.also(permissions, questions)];
  }

  /** As of now: what was said since it was asked would otherwise count as its end. */
  #again(readings: readonly TimedReading[]): TimedReading[] {
    return readings.map((reading) => ({ ...reading, at: this.#now() }));
  }

  #ask(asked: Omit<Open, "at">): TimedReading[] {
    const { request, signal } = asked;
    const at = timeOfId(request.id, this.#now()) ?? this.#now();
    this.#open.set(request.id, { ...asked, at });
    return [{ type: "request", request, signal, at }];
  }
}
