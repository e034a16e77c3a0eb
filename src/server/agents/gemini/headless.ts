import * as z from "zod";
import type { Usage } from "../../../protocol/entities.ts";
import { parseJson } from "../../../protocol/json.ts";
import { exitInWords } from "../exit-words.ts";
import { firstLine } from "../first-line.ts";
import type { AgentHeadless, HeadlessEnd, HeadlessExit, HeadlessReader, HeadlessReading } from "../headless.ts";
import { toolLine } from "../tool-line.ts";
import { readApiError } from "./api-error.ts";
import { headlessArguments } from "./arguments.ts";

export const geminiHeadless: AgentHeadless = {
  launch: ({ prompt, conversationId, args }) => ({ args: headlessArguments(conversationId, args), stdin: prompt }),
  reader: (timeZone) => new GeminiReader(timeZone),
};

const count = z.number().nonnegative().catch(0);
const statsSchema = z.looseObject({ total_tokens: count, input_tokens: count, cached: count, input: count });
const messageSchema = z.looseObject({ message: z.string() });
const timestamp = z.string().transform((text) => Date.parse(text));

/** What Gemini CLI prints with `--output-format stream-json`. */
const eventSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("init"), session_id: z.string().min(1), model: z.string() }),
  z.looseObject({ type: z.literal("message"), role: z.string(), content: z.string() }),
  z.looseObject({ type: z.literal("tool_use"), tool_name: z.string(), parameters: z.record(z.string(), z.unknown()) }),
  z.looseObject({ type: z.literal("tool_result"), error: messageSchema.optional() }),
  z.looseObject({ type: z.literal("error"), message: z.string() }),
  z.looseObject({
    type: z.literal("result"),
    timestamp,
    status: z.enum(["success", "error"]),
    error: messageSchema.optional(),
    stats: statsSchema.optional(),
  }),
]);
type Event = z.infer<typeof eventSchema>;
type EventOf<Type> = Extract<Event, { type: Type }>;

class GeminiReader implements HeadlessReader {
  readonly #timeZone: string;
  #start: EventOf<"init"> | null = null;
  #hasAnswered = false;
  /** What the model is saying: it comes in pieces. */
  #saying = "";
  #said = "";
  #lastError: string | null = null;
  #result: EventOf<"result"> | null = null;

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  line(text: string): HeadlessReading[] {
    const event = eventSchema.safeParse(parseJson(text)).data;
    switch (event?.type) {
      case undefined:
        return [];
      case "init":
        this.#start = event;
        return [];
      case "message":
        if (event.role !== "assistant") return [];
        this.#saying += event.content;
        return this.#answered();
      case "tool_use":
        return [...this.#answered(), ...this.#whole(), output("tool", toolLine(event.tool_name, event.parameters))];
      case "tool_result":
        return event.error ? [output("error", firstLine(event.error.message))] : [];
      case "error":
        this.#lastError = event.message;
        return [...this.#whole(), output("error", event.message)];
      case "result":
        this.#result = event;
        return [...this.#whole(), ...usage(event.stats)];
    }
  }

  end(exit: HeadlessExit, at: number): HeadlessEnd {
    const result = this.#result;
    if (!result) return { outcome: "failed", error: exitInWords("Gemini CLI", exit), mayRetry: false };
    if (result.status === "success") return { outcome: "done", result: this.#said };
    const told = result.error?.message ?? this.#lastError ?? "Gemini CLI says that it failed, and not why.";
    const now = Number.isNaN(result.timestamp) ? at : result.timestamp;
    const error = readApiError(told, { now, timeZone: this.#timeZone });
    if (error?.limit) {
      const model = error.limit.model ?? this.#start?.model ?? null;
      return { outcome: "limited", limit: { ...error.limit, model } };
    }
    const mayRetry = !this.#hasAnswered && passesByItself(exit.exitCode);
    return { outcome: "failed", error: error?.text ?? told, mayRetry };
  }

  /** Told only now: a conversation in which the model has said nothing cannot be resumed. */
  #answered(): HeadlessReading[] {
    if (this.#hasAnswered) return [];
    this.#hasAnswered = true;
    if (!this.#start) return [];
    const { session_id: id, model } = this.#start;
    return [
      { type: "conversation", id },
      { type: "model", model },
    ];
  }

  #whole(): HeadlessReading[] {
    const text = this.#saying.trim();
    this.#saying = "";
    if (text === "") return [];
    this.#said = text;
    return [output("text", text)];
  }
}

function output(kind: "text" | "tool" | "error", text: string): HeadlessReading {
  return { type: "output", entry: { kind, text } };
}

/** In its sums cached tokens are part of `input_tokens`, and what the model thought is only in the total. */
function usage(stats: z.infer<typeof statsSchema> | undefined): HeadlessReading[] {
  if (!stats || stats.total_tokens === 0) return [];
  const told: Usage = {
    inputTokens: stats.input,
    outputTokens: Math.max(stats.total_tokens - stats.input_tokens, 0),
    cacheReadTokens: stats.cached,
    cacheWriteTokens: 0,
    costUsd: null,
  };
  return [{ type: "usage", usage: told }];
}

/** Answers of the API that another try may not get. */
const passing: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
/** Its own exit codes are below; of an API's status, POSIX keeps the lowest 8 bits. */
const FIRST_STATUS = 400;
const KEPT = 256;

/** It exits with the status that the API has answered. */
function passesByItself(exitCode: number | null): boolean {
  if (exitCode === null) return false;
  return passing.has(exitCode >= FIRST_STATUS - KEPT && exitCode < KEPT ? exitCode + KEPT : exitCode);
}
