/** What the agent prints in a headless run that a program reads, one a line, as JSON. */
export type OrderEvent =
  | { readonly type: "conversation"; readonly id: string }
  | { readonly type: "say" | "tool"; readonly text: string }
  /** Of what was just done. */
  | { readonly type: "tokens"; readonly input: number; readonly output: number; readonly costUsd: number }
  | { readonly type: "done"; readonly result: string }
  | { readonly type: "failed"; readonly text: string; readonly mayRetry: boolean }
  /** Stopped by a usage limit. `resetsAt` in milliseconds since the epoch. */
  | { readonly type: "limit"; readonly kind: "five-hour" | "weekly"; readonly resetsAt: number };
