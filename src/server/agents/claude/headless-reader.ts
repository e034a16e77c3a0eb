import type { Usage } from "../../../protocol/entities.ts";
import { noUsage, sumUsage, usedNothing } from "../../../protocol/usage.ts";
import { exitInWords } from "../exit-words.ts";
import { firstLine } from "../first-line.ts";
import type { HeadlessEnd, HeadlessExit, HeadlessReader, HeadlessReading } from "../headless.ts";
import {
  type AssistantLine,
  type HeadlessLine,
  type MessageUsage,
  type ModelUsage,
  type RateLimitInfo,
  readHeadlessLine,
  type ResultLine,
  type RetryLine,
} from "./headless-lines.ts";
import { isTooManyJustNow, limitOf, limitWindows } from "./limits.ts";
import { toolTitle } from "./tools.ts";

/** What Claude Code itself says in the model's place. */
const SYNTHETIC_MODEL = "<synthetic>";

/** Reads what `claude -p --output-format stream-json --verbose` prints. */
export function headlessReader(): HeadlessReader {
  return new Run();
}

class Run implements HeadlessReader {
  #model: string | null = null;
  /** One message is told as several lines, each with the tokens of all of it. */
  readonly #messages = new Set<string>();
  /** Of those messages. */
  #soFar = noUsage;
  /** Of the turns that are over: exact, and with the cost. */
  #ofResults: Usage | null = null;
  #rejected: RateLimitInfo | null = null;
  /** Claude Code's word for the error that it told of last. */
  #error: string | null = null;
  #result: ResultLine | null = null;
  /** The model has answered, so something may have been done. */
  #hasWorked = false;

  line(text: string): readonly HeadlessReading[] {
    const line = readHeadlessLine(text);
    return line ? this.#read(line) : [];
  }

  end(exit: HeadlessExit, at: number): HeadlessEnd {
    const result = this.#result;
    if (!result) return { outcome: "failed", error: exitInWords("Claude Code", exit), mayRetry: false };
    if (!result.is_error) return { outcome: "done", result: result.result ?? "" };
    const text = result.result || result.errors.join("\n") || exitInWords("Claude Code", exit);
    const status = result.api_error_status ?? 0;
    const error = status === 429 ? "rate_limit" : (this.#error ?? "unknown");
    const quotaLimits = error === "rate_limit" && this.#rejected ? this.#rejected : undefined;
    const failure = { error, text, quotaLimits };
    const limit = limitOf(failure, at);
    if (limit) return { outcome: "limited", limit };
    const passes = status >= 500 || error === "server_error" || error === "overloaded" || isTooManyJustNow(failure);
    return { outcome: "failed", error: text, mayRetry: passes && !this.#hasWorked };
  }

  #read(line: HeadlessLine): readonly HeadlessReading[] {
    switch (line.type) {
      case "system":
        if (line.subtype === "init") return [{ type: "conversation", id: line.session_id }, ...this.#isOn(line.model)];
        return [failed(`API error${detailsOf(line)}, trying again: ${line.attempt} of ${line.max_retries}`)];
      case "assistant":
        return this.#assistant(line);
      case "user":
        return line.message.content.flatMap((result) => {
          if (result?.is_error !== true) return [];
          const { content } = result;
          return [
            failed(firstLine(typeof content === "string" ? content : content.map(({ text }) => text ?? "").join("\n"))),
          ];
        });
      case "rate_limit_event":
        this.#rejected = line.rate_limit_info.status === "rejected" ? line.rate_limit_info : null;
        return quotaOf(line.rate_limit_info);
      case "result":
        this.#result = line;
        this.#ofResults = usageAfter(this.#ofResults, line);
        return [{ type: "usage", usage: this.#ofResults }];
    }
  }

  #assistant({ message, error, parent_tool_use_id, subagent_type }: AssistantLine): readonly HeadlessReading[] {
    const isSubagent = (parent_tool_use_id ?? null) !== null;
    if (!isSubagent) this.#error = error ?? null;
    if (message.model === SYNTHETIC_MODEL) return [];
    this.#hasWorked = true;
    const readings: HeadlessReading[] = isSubagent ? [] : [...this.#isOn(message.model)];
    for (const block of message.content) {
      // What a sub-agent says is for the agent, which says what matters of it.
      if (block?.type === "text" && !isSubagent && block.text.trim() !== "") {
        readings.push({ type: "output", entry: { kind: "text", text: block.text } });
      }
      if (block?.type === "tool_use") {
        const from = isSubagent ? ` (sub-agent${subagent_type === undefined ? "" : ` ${subagent_type}`})` : "";
        const text = `${toolTitle(block.name, block.input)}${from}`;
        readings.push({ type: "output", entry: { kind: "tool", text } });
      }
    }
    return [...readings, ...this.#countTokens(message.id, message.usage)];
  }

  #isOn(model: string): readonly HeadlessReading[] {
    if (model === this.#model) return [];
    this.#model = model;
    return [{ type: "model", model }];
  }

  /** While a turn goes on: what it costs is told at its end, and so are the tokens of an answer. */
  #countTokens(id: string, usage: MessageUsage): readonly HeadlessReading[] {
    if (this.#messages.has(id)) return [];
    this.#messages.add(id);
    this.#soFar = sumUsage(this.#soFar, {
      inputTokens: usage.input_tokens,
      outputTokens: usage.output_tokens,
      cacheReadTokens: usage.cache_read_input_tokens,
      cacheWriteTokens: usage.cache_creation_input_tokens,
      costUsd: null,
    });
    // A turn that follows another has the exact numbers of that one behind it.
    return this.#ofResults === null ? [{ type: "usage", usage: this.#soFar }] : [];
  }
}

function failed(text: string): HeadlessReading {
  return { type: "output", entry: { kind: "error", text } };
}

/** " 529 (overloaded)", as far as it is told. */
function detailsOf({ error_status, error }: RetryLine): string {
  const status = typeof error_status === "number" ? ` ${error_status}` : "";
  return error && error !== "unknown" ? `${status} (${error.replaceAll("_", " ")})` : status;
}

/** What the process has used up. Versions that do not tell what is new since the last result tell what it is in all. */
function usageAfter(before: Usage | null, result: ResultLine): Usage {
  const { model_usage_since_last_result: news, modelUsage, total_cost_usd } = result;
  if (news) return sumUsage(before ?? usedNothing, sum(news));
  const inAll = sum(modelUsage);
  return { ...inAll, costUsd: total_cost_usd ?? inAll.costUsd };
}

function sum(models: ModelUsage): Usage {
  return Object.values(models).reduce<Usage>(
    (total, used) =>
      sumUsage(total, {
        inputTokens: used.inputTokens,
        outputTokens: used.outputTokens,
        cacheReadTokens: used.cacheReadInputTokens,
        cacheWriteTokens: used.cacheCreationInputTokens,
        costUsd: used.costUSD,
      }),
    usedNothing,
  );
}

/** How much of a subscription's windows is used, as far as it is told. */
function quotaOf({
  unifiedWindows,
  rateLimitType,
  utilization,
  resetsAt,
  status,
}: RateLimitInfo): readonly HeadlessReading[] {
  const used = utilization ?? (status === "rejected" ? 1 : undefined);
  const only =
    rateLimitType === undefined || used === undefined ? {} : { [rateLimitType]: { utilization: used, resetsAt } };
  const windows = Object.entries(unifiedWindows ?? only).flatMap(([name, window]) => {
    const named = limitWindows.get(name);
    const reset = window.resetsAt ?? null;
    return named
      ? [
          {
            ...named,
            usedPercent: percentOf(window.utilization),
            resetsAt: reset === null ? null : Math.round(reset * 1000),
          },
        ]
      : [];
  });
  return windows.length === 0 ? [] : [{ type: "quota", windows }];
}

/** Of a share; without the dust that binary fractions leave. */
function percentOf(share: number): number {
  return Math.round(share * 10_000) / 100;
}
