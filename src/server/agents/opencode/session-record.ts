import { isDeepStrictEqual } from "node:util";
import type { Usage } from "../../../protocol/entities.ts";
import { sumUsage, usedNothing } from "../../../protocol/usage.ts";
import type { AssistantMessage, Message, Part, SessionInfo, Status } from "./payloads.ts";
import { endOfTurn, isRefusal, type Word } from "./turns.ts";
import { usageOf } from "./usage.ts";

/** What opencode's server has told of one of its sessions. */
export class SessionRecord {
  readonly id: string;
  status: Status = { type: "idle" };
  /** Whether an event of this connection told the status. Then no answer to a question does, for it may be older. */
  isStatusFresh = false;
  /** How the turn ended, where that was told before the session was idle. */
  ended: Word | null = null;
  #info: SessionInfo | null = null;
  readonly #messages = new Map<string, Message>();
  /** Of each prompt, the answers to it. */
  readonly #answers = new Map<string, Map<string, AssistantMessage>>();
  /** Messages with a tool call that the person refused. */
  readonly #refused = new Set<string>();
  /** Messages that events of this connection told. */
  readonly #fresh = new Set<string>();

  constructor(id: string) {
    this.id = id;
  }

  /** Known to be one of a sub-agent. */
  get isSubAgent(): boolean {
    return this.#info?.parentID !== undefined;
  }

  /** Known to be one that a person can be in. */
  get isConversation(): boolean {
    return this.#info !== null && !this.isSubAgent;
  }

  get title(): string {
    return this.#info?.title || "another session";
  }

  /** Of two the newer one counts: an event may overtake an answer. */
  inform(info: SessionInfo): void {
    if (info.time.updated >= (this.#info?.time.updated ?? 0)) this.#info = info;
  }

  message(id: string): Message | undefined {
    return this.#messages.get(id);
  }

  /** A new connection to the server: what is known may be old. */
  connected(): void {
    this.isStatusFresh = false;
    this.#fresh.clear();
  }

  put(message: Message): void {
    this.#fresh.add(message.id);
    this.#keep(message);
  }

  /** Exactly these are its messages, as of a moment ago: what events have told since then is newer. */
  restore(messages: readonly Message[]): void {
    const newer = [...this.#messages.values()].filter(({ id }) => this.#fresh.has(id));
    this.#messages.clear();
    this.#answers.clear();
    for (const message of [...messages, ...newer]) this.#keep(message);
  }

  /** @returns the prompt whose answer it was. */
  remove(messageId: string): string | null {
    const message = this.#messages.get(messageId);
    this.#messages.delete(messageId);
    if (message?.role !== "assistant") return null;
    this.#answers.get(message.parentID)?.delete(messageId);
    return message.parentID;
  }

  putTool(part: Extract<Part, { type: "tool" }>): void {
    if (isRefusal(part)) this.#refused.add(part.messageID);
  }

  /** Totals of the whole session, as opencode itself keeps them. Null before it told. */
  usage(): Usage | null {
    const { tokens, cost } = this.#info ?? {};
    return tokens && cost !== undefined ? usageOf(tokens, cost) : null;
  }

  usageOfPrompt(promptId: string): Usage {
    const answers = [...(this.#answers.get(promptId)?.values() ?? [])];
    return answers.reduce((total, { tokens, cost }) => sumUsage(total, usageOf(tokens, cost)), usedNothing);
  }

  endOfTurn(timeZone: string): Word {
    if (this.ended) return this.ended;
    // Gave up waiting for the next try: opencode then tells neither an error nor an abort.
    if (this.status.type === "retry") return { activity: "interrupted", text: "Its turn was interrupted." };
    const last = [...this.#messages.values()].at(-1);
    return endOfTurn(last, last !== undefined && this.#refused.has(last.id), timeZone);
  }

  /** @returns whether that is another status. */
  change(status: Status): boolean {
    const isNew = !isDeepStrictEqual(this.status, status);
    if (isNew && status.type !== "idle") this.ended = null;
    this.status = status;
    return isNew;
  }

  #keep(message: Message): void {
    this.#messages.set(message.id, message);
    if (message.role !== "assistant") return;
    const answers = this.#answers.get(message.parentID) ?? new Map<string, AssistantMessage>();
    this.#answers.set(message.parentID, answers.set(message.id, message));
  }
}
