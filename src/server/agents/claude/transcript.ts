import type { Usage } from "../../../protocol/entities.ts";
import type { Activity, Read, TimedReading } from "../reading.ts";
import { type AssistantLine, readLine } from "./transcript-lines.ts";
import { firstLine } from "../first-line.ts";
import { readFailure } from "./limits.ts";

type Tokens = Omit<Usage, "costUsd">;

const SYNTHETIC_MODEL = "<synthetic>";

const noTokens: Tokens = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

/** Follows one transcript from its first line on: prompts, what they cost, and the ends of turns that no hook tells of. */
export function transcriptReader(): Read {
  /** One message is written as several lines, each with the tokens of all of it. */
  const ofMessage = new Map<string, Tokens>();
  let total = noTokens;
  let model: string | null = null;
  /** A failed turn is over, too; its end is no news, and would take the failure back. */
  let hasFailed = false;
  let prompt: { readonly key: string; tokens: Tokens } | null = null;

  function countTokens({ message }: AssistantLine): readonly TimedReading[] {
    const tokens = tokensOf(message.usage);
    const before = ofMessage.get(message.id) ?? noTokens;
    if (isSame(before, tokens)) return [];
    ofMessage.set(message.id, tokens);
    total = add(total, tokens, before);
    const readings: TimedReading[] = [{ type: "usage", usage: total }];
    if (prompt) {
      prompt.tokens = add(prompt.tokens, tokens, before);
      readings.push({ type: "prompt-usage", key: prompt.key, usage: prompt.tokens });
    }
    return readings;
  }

  function readAssistant(line: AssistantLine): readonly TimedReading[] {
    if (line.isApiErrorMessage) {
      if (!line.isSidechain) hasFailed = true;
      return line.isSidechain ? [] : failure(line);
    }
    // What Claude Code itself says in the model's place, such as "No response requested."
    if (line.message.model === SYNTHETIC_MODEL) return [];
    // The model has answered again, maybe to a prompt that nobody typed: it went on by itself when a limit had reset.
    if (!line.isSidechain) hasFailed = false;
    const isNews = line.message.model !== model && !line.isSidechain;
    if (isNews) model = line.message.model;
    return [...(isNews ? [{ type: "model", model: line.message.model } as const] : []), ...countTokens(line)];
  }

  return (value) => {
    const line = readLine(value);
    switch (line?.type) {
      case "assistant":
        return readAssistant(line);
      case "cost-state":
        return [{ type: "usage", scope: "process", usage: { costUsd: line.totalCostUSD } }];
      case "plan":
        return prompt ? [{ type: "plan", key: prompt.key, text: line.text, at: line.at }] : [];
      case "interrupted":
        return [activity("interrupted", "It was interrupted.", "interrupted", line.at)];
      case "turn-end":
        return hasFailed ? [] : [activity("idle", "It has finished its turn.", "end of turn", line.at)];
      case "prompt": {
        const { key, text, at } = line;
        prompt = { key, tokens: noTokens };
        hasFailed = false;
        return [
          { type: "prompt", key, text, at },
          activity("working", `It works on: ${firstLine(text)}`, "prompt", at),
        ];
      }
      case undefined:
        return [];
    }
  };
}

function activity(state: Activity, text: string, line: string, at: number): TimedReading {
  return { type: "activity", activity: state, text, signal: `transcript: ${line}`, at };
}

function failure(line: AssistantLine): readonly TimedReading[] {
  const { message, error = "unknown", apiErrorIsTransient: isTransient, quotaLimits, timestamp } = line;
  const text = message.content.flatMap((block) => block.text ?? []).join("\n") || "The turn failed";
  const signal = `transcript: error ${error}`;
  return readFailure({ error, text, isTransient, quotaLimits }, { signal, at: timestamp, writtenAt: timestamp });
}

function tokensOf(usage: AssistantLine["message"]["usage"]): Tokens {
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.cache_read_input_tokens,
    cacheWriteTokens: usage.cache_creation_input_tokens,
  };
}

const tokenKinds = ["inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens"] as const;

function isSame(one: Tokens, other: Tokens): boolean {
  return tokenKinds.every((kind) => one[kind] === other[kind]);
}

function add(sum: Tokens, more: Tokens, less: Tokens): Tokens {
  return tokenKinds.reduce((result, kind) => ({ ...result, [kind]: sum[kind] + more[kind] - less[kind] }), sum);
}
