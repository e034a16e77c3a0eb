import type { OrderEvent } from "./order-events.ts";

/** One line of a prompt, as the agent understands it in a headless run. */
export type Order =
  | { readonly do: "say" | "tool" | "fail"; readonly text: string }
  | { readonly do: "touch" | "wait-for" | "spawn-child"; readonly path: string }
  | { readonly do: "append"; readonly path: string; readonly text: string }
  | { readonly do: "tokens"; readonly input: number; readonly output: number; readonly costUsd: number }
  /** With a path it refuses only once: then the file is there. */
  | { readonly do: "refuse-quickly"; readonly path: string | null }
  | { readonly do: "limit"; readonly kind: LimitKind; readonly resetsAt: number }
  | { readonly do: "exit"; readonly code: number };

export type LimitKind = Extract<OrderEvent, { type: "limit" }>["kind"];

/** @param isResumed a limit "in so many seconds" is met only by a new conversation: by the time it goes on, that limit is over. */
export function readOrders(prompt: string, nowMs: number, isResumed: boolean): Order[] {
  const lines = prompt.split("\n").map((line) => line.trim());
  return lines.flatMap((line) => (line === "" ? [] : readOrder(line, nowMs, isResumed)));
}

function readOrder(line: string, nowMs: number, isResumed: boolean): Order {
  const [word = "", first = "", second = "", third = ""] = line.split(/\s+/);
  const rest = line.slice(word.length).trim();
  switch (word) {
    case "say":
    case "tool":
    case "fail":
      return { do: word, text: rest };
    case "touch":
    case "wait-for":
    case "spawn-child":
      return { do: word, path: rest };
    case "append":
      return { do: word, path: first, text: rest.slice(first.length).trim() };
    case "tokens":
      return { do: word, input: numberOf(first), output: numberOf(second), costUsd: numberOf(third) };
    case "refuse-quickly":
      return { do: word, path: rest === "" ? null : rest };
    case "limit":
      if (first !== "five-hour" && first !== "weekly") return { do: "say", text: line };
      return { do: word, kind: first, resetsAt: resetOf(second, nowMs, isResumed) };
    case "exit":
      return { do: word, code: numberOf(first) };
    default:
      return { do: "say", text: line };
  }
}

/** "+5": in five seconds; without a sign, seconds since the epoch. */
function resetOf(text: string, nowMs: number, isResumed: boolean): number {
  if (!text.startsWith("+")) return numberOf(text) * 1_000;
  return isResumed ? nowMs : nowMs + numberOf(text) * 1_000;
}

function numberOf(text: string): number {
  const number = Number(text);
  return Number.isFinite(number) && number >= 0 ? number : 0;
}
