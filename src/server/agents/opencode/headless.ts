import * as z from "zod";
import type { Usage } from "../../../protocol/entities.ts";
import { parseJson } from "../../../protocol/json.ts";
import { sumUsage, usedNothing } from "../../../protocol/usage.ts";
import { exitInWords } from "../exit-words.ts";
import { firstLine } from "../first-line.ts";
import type { AgentHeadless, HeadlessEnd, HeadlessExit, HeadlessReader, HeadlessReading } from "../headless.ts";
import type { LimitReport } from "../reading.ts";
import { toolLine } from "../tool-line.ts";
import { headlessArguments } from "./arguments.ts";
import { limitOfError, limitOfRetry } from "./limits.ts";
import { type AssistantMessage, assistantMessageSchema, errorSchema, retrySchema, tokensSchema } from "./payloads.ts";
import { usageOf } from "./usage.ts";

export const opencodeHeadless: AgentHeadless = {
  launch: ({ prompt, conversationId, args }) => ({ args: headlessArguments(conversationId, args), stdin: prompt }),
  reader: (timeZone) => new OpencodeReader(timeZone),
};

const common = { timestamp: z.number(), sessionID: z.string().min(1) };
const toolSchema = z.looseObject({
  tool: z.string(),
  state: z.looseObject({
    status: z.string(),
    input: z.record(z.string(), z.unknown()).default({}),
    error: z.string().optional(),
  }),
});

/** What `opencode run --format json` prints, and between it what our plugin does. */
const eventSchema = z.discriminatedUnion("type", [
  z.looseObject({ ...common, type: z.literal("step_start") }),
  z.looseObject({
    ...common,
    type: z.literal("text"),
    part: z.looseObject({ messageID: z.string(), text: z.string() }),
  }),
  z.looseObject({ ...common, type: z.literal("tool_use"), part: toolSchema }),
  z.looseObject({
    ...common,
    type: z.literal("step_finish"),
    part: z.looseObject({ tokens: tokensSchema, cost: z.number(), reason: z.string() }),
  }),
  z.looseObject({ ...common, type: z.literal("error"), error: errorSchema }),
  z.looseObject({
    ...common,
    type: z.literal("tally.retry"),
    status: retrySchema,
    /** Too long to wait for: the turn was ended. */
    isLong: z.boolean(),
    isSubAgents: z.boolean(),
  }),
  z.looseObject({ type: z.literal("tally.answer"), timestamp: z.number(), info: assistantMessageSchema }),
]);
type Event = z.infer<typeof eventSchema>;
type EventOf<Type> = Extract<Event, { type: Type }>;

/** A permission that nobody was there to give ends the run. */
const REJECTED = "The user rejected permission to use this specific tool call.";

/** What ended its turn. */
interface Stop {
  readonly error: string;
  readonly limit: LimitReport | null;
  readonly passes: boolean;
}

class OpencodeReader implements HeadlessReader {
  readonly #timeZone: string;
  #conversationId: string | null = null;
  #model: string | null = null;
  #hasAnswered = false;
  #said = { messageId: "", text: "" };
  #steps: Usage = usedNothing;
  /** The last step ended with the use of a tool, so that another one has to follow. */
  #isMidway = false;
  /** What each answer has cost, its sub-agents' among them. */
  readonly #answers = new Map<string, { readonly sessionId: string; readonly usage: Usage }>();
  /** What opencode has told, until it is seen to go on. */
  #stop: Stop | null = null;
  /** The same, told by our plugin: its lines and those of opencode are each in order, but not together. */
  #wait: Stop | null = null;

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  line(text: string): HeadlessReading[] {
    const event = eventSchema.safeParse(parseJson(text)).data;
    switch (event?.type) {
      case undefined:
        return [];
      case "step_start":
        this.#hasAnswered = true;
        this.#stop = null;
        return this.#begun(event.sessionID);
      case "text":
        return [...this.#begun(event.sessionID), ...this.#text(event)];
      case "tool_use":
        return [...this.#begun(event.sessionID), ...this.#tool(event)];
      case "step_finish":
        this.#steps = sumUsage(this.#steps, usageOf(event.part.tokens, event.part.cost));
        this.#isMidway = event.part.reason === "tool-calls";
        return [...this.#begun(event.sessionID), this.#usage()];
      case "error":
        this.#stop = this.#failure(event);
        return this.#begun(event.sessionID);
      case "tally.retry":
        return this.#retry(event);
      case "tally.answer":
        return this.#answer(event.info);
    }
  }

  end(exit: HeadlessExit): HeadlessEnd {
    const stop = this.#wait ?? this.#stop;
    if (stop?.limit) return { outcome: "limited", limit: stop.limit };
    if (stop) return { outcome: "failed", error: stop.error, mayRetry: stop.passes && !this.#hasAnswered };
    if (exit.exitCode !== 0 || !this.#hasAnswered) {
      return { outcome: "failed", error: exitInWords("opencode", exit), mayRetry: false };
    }
    if (this.#isMidway) return { outcome: "failed", error: "It stopped in the middle of its work.", mayRetry: false };
    return { outcome: "done", result: this.#said.text };
  }

  #begun(sessionId: string): HeadlessReading[] {
    if (this.#conversationId !== null) return [];
    this.#conversationId = sessionId;
    return [{ type: "conversation", id: sessionId }];
  }

  #text({ part: { messageID: messageId, text } }: EventOf<"text">): HeadlessReading[] {
    const said = text.trim();
    if (said === "") return [];
    const before = this.#said.messageId === messageId ? `${this.#said.text}\n\n` : "";
    this.#said = { messageId, text: before + said };
    return [output("text", said)];
  }

  #tool({ part: { tool, state } }: EventOf<"tool_use">): HeadlessReading[] {
    const line = toolLine(tool, state.input);
    if (state.status !== "error") return [output("tool", line)];
    if (state.error === REJECTED) this.#stop = { error: notAllowed(line), limit: null, passes: false };
    return [output("tool", line), output("error", firstLine(state.error ?? "The tool failed."))];
  }

  #failure({ error, timestamp }: EventOf<"error">): Stop {
    const text = error.data?.message ?? error.name;
    const limit = limitOfError(error, { now: timestamp, timeZone: this.#timeZone });
    return {
      error: `The model's API answered with an error: ${text}`,
      limit,
      passes: error.data?.isRetryable ?? false,
    };
  }

  #retry({ sessionID, status, isLong, isSubAgents, timestamp }: EventOf<"tally.retry">): HeadlessReading[] {
    if (!isLong) return [output("error", `It tries again: ${status.message}`)];
    const limit = limitOfRetry(status, timestamp, { now: timestamp, timeZone: this.#timeZone });
    this.#wait = { error: `The model's API makes it wait for too long: ${status.message}`, limit, passes: true };
    return isSubAgents ? [] : this.#begun(sessionID);
  }

  #answer({
    id,
    sessionID: sessionId,
    finish,
    providerID,
    modelID,
    tokens,
    cost,
  }: AssistantMessage): HeadlessReading[] {
    if (finish !== undefined) this.#wait = null;
    this.#answers.set(id, { sessionId, usage: usageOf(tokens, cost) });
    if (this.#conversationId === null) return [];
    if (sessionId !== this.#conversationId) return [this.#usage()];
    const model = `${providerID}/${modelID}`;
    if (model === this.#model) return [];
    this.#model = model;
    return [{ type: "model", model }];
  }

  /** opencode prints what its own steps cost; what its sub-agents do, only our plugin tells. */
  #usage(): HeadlessReading {
    const others = [...this.#answers.values()].filter(({ sessionId }) => sessionId !== this.#conversationId);
    return { type: "usage", usage: others.reduce((all, { usage }) => sumUsage(all, usage), this.#steps) };
  }
}

function output(kind: "text" | "tool" | "error", text: string): HeadlessReading {
  return { type: "output", entry: { kind, text } };
}

function notAllowed(what: string): string {
  return `It may not do this, and nobody was there to ask: ${what}. Allow it in opencode's settings, or give it --auto.`;
}
