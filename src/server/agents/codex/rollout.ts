import * as z from "zod";
import type { Usage } from "../../../protocol/entities.ts";
import { parseJson } from "../../../protocol/json.ts";
import type { Question } from "../../../protocol/requests.ts";
import type { Activity, Read, Reading, TimedReading } from "../reading.ts";
import { firstLine } from "../first-line.ts";
import { limitReport, quotaReading, type RateLimits } from "./limits.ts";
import { permissionId } from "./requests.ts";
import {
  endedSubagent,
  isAtWork,
  readRolloutLine,
  type ResponseItem,
  type RolloutEvent,
  type RolloutItem,
  type RolloutLine,
  type Tokens,
  type TurnError,
} from "./rollout-lines.ts";

/**
 * Reads a rollout line by line.
 * @param launchedAt sub-agents from before ended with the process that ran them.
 * @param timeZone where the machine is, for times that are written for people.
 */
export function rolloutReader(launchedAt: number, timeZone: string): Read {
  const rollout = new Rollout(launchedAt, timeZone);
  return (value) => {
    const line = readRolloutLine(value);
    return line ? rollout.read(line).map((reading): TimedReading => ({ ...reading, at: line.at })) : [];
  };
}

/** What has to be remembered of the lines so far to understand the next one. */
class Rollout {
  readonly #launchedAt: number;
  readonly #timeZone: string;
  #turnId: string | null = null;
  /** Only in this mode may the model ask the person; else its question is refused at once. */
  #isPlanning = false;
  /** The request that each call may have led to, by the call's id. */
  readonly #calls = new Map<string, string>();
  /** What each sub-agent at work does, by its id. */
  readonly #subagents = new Map<string, string>();
  #rateLimits: RateLimits | null = null;

  constructor(launchedAt: number, timeZone: string) {
    this.#launchedAt = launchedAt;
    this.#timeZone = timeZone;
  }

  read(line: RolloutLine): Reading[] {
    switch (line.type) {
      case "event_msg":
        return this.#event(line.payload, line.at);
      case "response_item":
        return this.#response(line.payload);
      case "turn_context":
        return line.payload.model ? [{ type: "model", model: line.payload.model }] : [];
      case "token_usage_record":
        return [{ type: "prompt-usage", key: line.payload.turn_id, usage: usageOf(line.payload.turn_token_usage) }];
    }
  }

  #event(event: RolloutEvent, at: number): Reading[] {
    switch (event.type) {
      case "task_started":
      case "turn_started":
        this.#turnId = event.turn_id ?? `turn-${at}`;
        this.#isPlanning = event.collaboration_mode_kind === "plan";
        return [
          {
            ...activity("working", "Codex is working.", event.type),
            ...(event.turn_id ? { turnId: event.turn_id } : {}),
          },
        ];
      case "task_complete":
      case "turn_complete":
        return [...this.#turnOver(), ...(event.error ? this.#failure(event.error, at) : [finished(event.type)])];
      case "turn_aborted":
        return [...this.#turnOver(), ...aborted(event.reason)];
      case "item_completed":
        return this.#item(event.item, event.turn_id ?? this.#turnId ?? `turn-${at}`, at);
      case "user_message":
        return [{ type: "prompt", key: this.#turnId ?? `turn-${at}`, text: event.message }];
      case "token_count":
        return [...this.#quota(event.rate_limits), ...(event.info ? [usageReading(event.info)] : [])];
    }
  }

  #quota(limits: RateLimits | null | undefined): Reading[] {
    if (!limits) return [];
    this.#rateLimits = limits;
    return quotaReading(limits);
  }

  #failure({ message, codex_error_info }: TurnError, at: number): Reading[] {
    if (codex_error_info !== "usage_limit_exceeded") {
      const text = `Its turn ended in an error: ${message}`;
      return [activity("failed", text, `task_complete: ${codex_error_info ?? "error"}`)];
    }
    const signal = "task_complete: usage_limit_exceeded";
    const limit = limitReport(message, this.#rateLimits, at, this.#timeZone);
    return [activity("limited", message, signal), { type: "limit", limit, signal: `rollout: ${signal}` }];
  }

  #item(item: RolloutItem, turnId: string, at: number): Reading[] {
    switch (item.type) {
      case "UserMessage":
        return [{ type: "prompt", key: turnId, text: item.content.map(({ text }) => text ?? "").join("") }];
      case "CollabAgentToolCall": {
        if (at < this.#launchedAt) return [];
        const before = this.#subagents.size;
        for (const { thread_id, agent_nickname } of item.receiver_agents) {
          if (item.tool !== "spawn_agent") break;
          this.#subagents.set(thread_id, `sub-agent ${agent_nickname ?? thread_id}: ${firstLine(item.prompt ?? "")}`);
        }
        const ended = Object.entries(item.agents_states).filter(([, state]) => !isAtWork(state));
        for (const [threadId] of ended) this.#subagents.delete(threadId);
        return this.#subagents.size === before ? [] : [this.#background()];
      }
    }
  }

  #response(item: ResponseItem): Reading[] {
    switch (item.type) {
      case "function_call":
      case "custom_tool_call":
        return this.#call(item);
      case "function_call_output":
      case "custom_tool_call_output": {
        const id = this.#calls.get(item.call_id);
        this.#calls.delete(item.call_id);
        return id === undefined ? [] : [{ type: "request-over", id }];
      }
      case "message": {
        const ended = endedSubagent(item);
        return ended !== null && this.#subagents.delete(ended) ? [this.#background()] : [];
      }
    }
  }

  /** A call may ask the person for permission, of which a hook tells; a question stands here. */
  #call(call: Extract<ResponseItem, { call_id: string; name: string }>): Reading[] {
    if (this.#turnId === null) return [];
    const given = call.type === "function_call" ? parseJson(call.arguments) : { command: call.input };
    const questions = this.#isPlanning && call.name === "request_user_input" ? questionsOf(given) : [];
    const [first] = questions;
    const id = first ? `question-${call.call_id}` : permissionId(this.#turnId, commandOf(given));
    this.#calls.set(call.call_id, id);
    if (!first) return [activity("working", "Codex is working.", call.type)];
    const request = {
      id,
      kind: "question" as const,
      title: first.text,
      detail: questions.map(({ text }) => text).join("\n"),
      questions,
    };
    return [{ type: "request", request, signal: "request_user_input" }];
  }

  /** With a turn end all that it asked for. */
  #turnOver(): Reading[] {
    const over = [...this.#calls.values()].map((id) => ({ type: "request-over" as const, id }));
    this.#calls.clear();
    this.#turnId = null;
    return over;
  }

  #background(): Reading {
    return { type: "background", work: [...this.#subagents.values()] };
  }
}

function finished(signal: string): Reading {
  return activity("idle", "Codex has finished its turn.", signal);
}

function aborted(reason: string): Reading[] {
  switch (reason) {
    case "interrupted":
      return [activity("interrupted", "You interrupted it.", "turn_aborted")];
    // It goes on as another turn.
    case "replaced":
      return [];
    default:
      return [activity("interrupted", `Its turn was ended early: ${reason}.`, "turn_aborted")];
  }
}

function activity(activity: Activity, text: string, signal: string): Extract<Reading, { type: "activity" }> {
  return { type: "activity", activity, text, signal: `rollout: ${signal}` };
}

function usageReading({ total_token_usage }: { total_token_usage: Tokens }): Reading {
  return { type: "usage", usage: usageOf(total_token_usage) };
}

/** As Tally counts: the cached tokens are not among the input. */
export function usageOf(tokens: Tokens): Omit<Usage, "costUsd"> {
  const { input_tokens, cached_input_tokens, cache_write_input_tokens, output_tokens } = tokens;
  return {
    inputTokens: Math.max(0, input_tokens - cached_input_tokens - cache_write_input_tokens),
    outputTokens: output_tokens,
    cacheReadTokens: cached_input_tokens,
    cacheWriteTokens: cache_write_input_tokens,
  };
}

/** Hooks call it `command` what the model calls `cmd`. */
function commandOf(given: unknown): unknown {
  const { cmd } = z.looseObject({ cmd: z.string().optional() }).safeParse(given).data ?? {};
  return cmd === undefined ? given : { command: cmd };
}

const askedSchema = z.looseObject({
  questions: z.array(
    z.looseObject({
      question: z.string(),
      header: z.string().nullish(),
      options: z.array(z.looseObject({ label: z.string(), description: z.string().nullish() })).nullish(),
    }),
  ),
});

function questionsOf(given: unknown): Question[] {
  const { questions } = askedSchema.safeParse(given).data ?? { questions: [] };
  return questions.map(({ question, header, options }) => ({
    text: question,
    header: header ?? null,
    options: (options ?? []).map(({ label, description }) => ({ label, description: description ?? null })),
    multiSelect: false,
  }));
}
