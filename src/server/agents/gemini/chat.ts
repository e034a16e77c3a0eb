import * as z from "zod";
import type { Usage } from "../../../protocol/entities.ts";
import type { Activity, Read, Reading, TimedReading } from "../reading.ts";
import { readApiError } from "./api-error.ts";

/** The first line of a chat file, and of each time that it is resumed. */
const headerSchema = z.looseObject({ sessionId: z.string().min(1), kind: z.literal("main").optional() });

/** The history as it now is. Nothing new is in it: what it leaves out was asked and paid for all the same. */
const rewriteSchema = z.looseObject({ $set: z.looseObject({ messages: z.array(z.unknown()) }) });

const partsSchema = z.array(z.looseObject({ text: z.string().optional(), functionResponse: z.unknown().optional() }));
const contentSchema = z.union([z.string().transform((text): Parts => [{ text }]), partsSchema]);
type Parts = z.infer<typeof partsSchema>;

const count = z.number().nonnegative().catch(0);
const tokensSchema = z.looseObject({ input: count, output: count, cached: count, thoughts: count, tool: count });
type Tokens = z.infer<typeof tokensSchema>;

const common = { id: z.string().min(1), timestamp: z.string() };
const messageSchema = z.discriminatedUnion("type", [
  z.looseObject({
    ...common,
    type: z.literal("user"),
    content: contentSchema,
    /** What the person sees of it where that is less: a file that was named is part of `content`. */
    displayContent: contentSchema.optional().catch(undefined),
  }),
  z.looseObject({
    ...common,
    type: z.literal("gemini"),
    tokens: tokensSchema.nullish().catch(null),
    model: z.string().optional().catch(undefined),
  }),
  z.looseObject({ ...common, type: z.literal("info"), content: z.string() }),
  z.looseObject({ ...common, type: z.literal("error"), content: z.string() }),
]);
type Message = z.infer<typeof messageSchema>;
type MessageOf<Type> = Extract<Message, { type: Type }>;

/**
 * Reads a chat file line by line: prompts, tokens and the model, and how a turn ended where it did not end well. It tells neither that
 * one ended well nor that it waits.
 * @param options.launchedAt turns from before are over.
 * @param options.isEndTold whether another source tells when a turn ends well: only then is its beginning told here.
 */
export function chatReader(options: {
  readonly launchedAt: number;
  readonly isEndTold: boolean;
  readonly timeZone: string;
}): Read {
  const { launchedAt, isEndTold, timeZone } = options;
  const chat = new Chat(isEndTold, timeZone);
  return (value) => {
    const message = messageSchema.safeParse(value).data;
    if (!message) {
      if (rewriteSchema.safeParse(value).success) chat.endReplay();
      const header = headerSchema.safeParse(value).data;
      return header ? [{ type: "conversation", id: header.sessionId }] : [];
    }
    const at = Date.parse(message.timestamp);
    if (Number.isNaN(at)) return [];
    return chat
      .read(message)
      .filter(({ type }) => (type !== "activity" && type !== "limit") || at >= launchedAt)
      .map((reading): TimedReading => ({ ...reading, at }));
  };
}

/** What has to be remembered of the lines so far to understand the next one. */
class Chat {
  readonly #isEndTold: boolean;
  readonly #timeZone: string;
  /** Of each answer, by its id: it is written again when its tools have run. */
  readonly #paid = new Map<string, { readonly promptId: string | null; readonly tokens: Tokens }>();
  #promptId: string | null = null;
  #model: string | null = null;
  /** After a permission was refused, the history up to then is written once more, with new ids, and then as a rewrite. */
  #isReplay = false;

  constructor(isEndTold: boolean, timeZone: string) {
    this.#isEndTold = isEndTold;
    this.#timeZone = timeZone;
  }

  endReplay(): void {
    this.#isReplay = false;
  }

  read(message: Message): Reading[] {
    switch (message.type) {
      case "user":
        return this.#prompt(message);
      case "gemini":
        return this.#answer(message);
      case "info":
        return message.content === CANCELLED ? [activity("interrupted", "You interrupted it.", "chat: cancelled")] : [];
      case "error":
        return this.#failure(message.content, Date.parse(message.timestamp));
    }
  }

  /** Other errors are about a command that was typed, and end no turn. */
  #failure(content: string, at: number): Reading[] {
    const error = readApiError(content, { now: at, timeZone: this.#timeZone });
    if (error === null) return [];
    const { text, limit, isDaily } = error;
    if (limit === null) return [activity("failed", text, "chat: API error")];
    const signal = isDaily ? "chat: daily quota" : "chat: usage limit";
    const ofModel = { ...limit, model: limit.model ?? this.#model };
    return [activity("limited", text, signal), { type: "limit", limit: ofModel, signal }];
  }

  #prompt({ id, content, displayContent }: MessageOf<"user">): Reading[] {
    if (this.#promptId !== null && content[0]?.text?.startsWith(HISTORY_START)) this.#isReplay = true;
    const text = promptText(displayContent ?? content);
    if (text === null || this.#isReplay) return [];
    this.#promptId = id;
    // Or how the turn before ended would be taken for the end of this one, where it is over before a title is seen.
    const working = this.#isEndTold ? [activity("working", "Gemini CLI is working.", "chat: prompt")] : [];
    return [...working, { type: "prompt", key: id, text }];
  }

  #answer({ id, tokens, model }: MessageOf<"gemini">): Reading[] {
    const readings: Reading[] = [];
    if (model !== undefined && model !== this.#model) {
      this.#model = model;
      readings.push({ type: "model", model });
    }
    if (!tokens) return readings;
    const promptId = this.#paid.get(id)?.promptId ?? this.#promptId;
    this.#paid.set(id, { promptId, tokens });
    const paid = [...this.#paid.values()];
    readings.push({ type: "usage", usage: sum(paid.map((each) => each.tokens)) });
    if (promptId !== null) {
      const ofPrompt = paid.filter((each) => each.promptId === promptId).map((each) => each.tokens);
      readings.push({ type: "prompt-usage", key: promptId, usage: sum(ofPrompt) });
    }
    return readings;
  }
}

/** Gemini CLI's own words, in a line of its own. */
const CANCELLED = "Request cancelled.";

function activity(activity: Activity, text: string, signal: string): Reading {
  return { type: "activity", activity, text, signal };
}

const HISTORY_START = "<session_context>";
/** What Gemini CLI itself puts where a prompt stands. */
const notOfPerson = [
  HISTORY_START,
  "<hook_context>",
  "[System: ",
  "System: Potential loop detected.",
  "I ran the following shell command:",
];

/** Null for what no person or program has asked: results of tools, and what the agent tells its model. */
function promptText(parts: Parts): string | null {
  if (parts.some(({ functionResponse }) => functionResponse !== undefined)) return null;
  const text = parts
    .flatMap((part) =>
      part.text === undefined || notOfPerson.some((start) => part.text?.startsWith(start)) ? [] : [part.text],
    )
    .join("\n");
  return text.trim() === "" ? null : text;
}

/** In its count the cached tokens are part of the input. */
function sum(all: readonly Tokens[]): Partial<Usage> {
  const total = (pick: (tokens: Tokens) => number) => all.reduce((so, tokens) => so + pick(tokens), 0);
  return {
    inputTokens: total(({ input, cached, tool }) => Math.max(input - cached, 0) + tool),
    outputTokens: total(({ output, thoughts }) => output + thoughts),
    cacheReadTokens: total(({ cached }) => cached),
  };
}
