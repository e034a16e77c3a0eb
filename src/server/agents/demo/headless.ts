import * as z from "zod";
import { parseJson } from "../../../protocol/json.ts";
import { usedNothing } from "../../../protocol/usage.ts";
import { exitInWords } from "../exit-words.ts";
import type { HeadlessEnd, HeadlessReader } from "../headless.ts";

const amount = z.number().nonnegative();

/** As the demo agent prints them with `--json`. */
const eventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("conversation"), id: z.string() }),
  z.object({ type: z.enum(["say", "tool"]), text: z.string() }),
  z.object({ type: z.literal("tokens"), input: amount, output: amount, costUsd: amount }),
  z.object({ type: z.literal("done"), result: z.string() }),
  z.object({ type: z.literal("failed"), text: z.string(), mayRetry: z.boolean() }),
  z.object({ type: z.literal("limit"), kind: z.enum(["five-hour", "weekly"]), resetsAt: amount }),
]);

/** Reads what the demo agent prints in a headless run. */
export function demoReader(): HeadlessReader {
  let usage = usedNothing;
  let said = "";
  let end: HeadlessEnd | null = null;
  return {
    line: (text) => {
      const event = eventSchema.safeParse(parseJson(text)).data;
      switch (event?.type) {
        case undefined:
          return [];
        case "conversation":
          return [{ type: "conversation", id: event.id }];
        case "say":
          said = event.text;
          return [{ type: "output", entry: { kind: "text", text: event.text } }];
        case "tool":
          return [{ type: "output", entry: { kind: "tool", text: event.text } }];
        case "tokens":
          usage = {
            ...usage,
            inputTokens: usage.inputTokens + event.input,
            outputTokens: usage.outputTokens + event.output,
            costUsd: (usage.costUsd ?? 0) + event.costUsd,
          };
          return [{ type: "usage", usage }];
        case "done":
          end = { outcome: "done", result: event.result };
          return [];
        case "failed":
          end = { outcome: "failed", error: event.text, mayRetry: event.mayRetry };
          return [];
        case "limit": {
          const { kind, resetsAt } = event;
          const text = `The demo agent has hit its ${kind === "weekly" ? "weekly" : "5-hour"} limit.`;
          end = { outcome: "limited", limit: { kind, model: null, resetsAt, isExact: true, text } };
          return [{ type: "quota", windows: [{ kind, model: null, usedPercent: 100, resetsAt }] }];
        }
      }
    },
    end: (exit) => {
      if (end) return end;
      if (exit.exitCode === 0) return { outcome: "done", result: said };
      return { outcome: "failed", error: exitInWords("The demo agent", exit), mayRetry: false };
    },
  };
}
