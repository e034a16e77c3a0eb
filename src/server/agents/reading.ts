import type { Usage } from "../../protocol/entities.ts";
import type { LimitKind, QuotaWindow } from "../../protocol/limits.ts";
import type { AgentRequest } from "../../protocol/requests.ts";
import type { ReasonSource } from "../../protocol/sources.ts";

/** What an agent is doing, as one source saw it. */
export type Activity =
  /** A turn goes on. */
  | "working"
  /** It waits for a person: a permission, a question, a dialog. */
  | "waiting"
  /** It is ready for the next prompt. */
  | "idle"
  /** The turn ended because a person interrupted it; it is ready for the next prompt. */
  | "interrupted"
  /** The turn ended in an error; the agent lives. */
  | "failed"
  /** The turn ended because a usage limit is in force. */
  | "limited";

/** What one signal of an agent says. Adapters make them from what their agents emit; `at` is the agent's own time where it tells one. */
export type Reading =
  | {
      readonly type: "activity";
      readonly activity: Activity;
      /** For a person, a sentence: "It wants to run Bash: touch x." */
      readonly text: string;
      /** What exactly said so: "PermissionRequest hook", "state file: busy". */
      readonly signal: string;
      /** The turn that begins or ends with this, where the agent names it: what comes late is then not taken for news of the next turn. */
      readonly turnId?: string;
    }
  /** It asks the person for something. As long as that is open the session waits, whatever else is reported. */
  | { readonly type: "request"; readonly request: Omit<AgentRequest, "at" | "isAnswerable">; readonly signal: string }
  /** A request is over, answered in the terminal or withdrawn. Without `id`: whatever was open before `at` is. */
  | { readonly type: "request-over"; readonly id?: string }
  /** What goes on beside the turns, one line each; while there is any, the end of a turn is not the end of work. */
  | { readonly type: "background"; readonly work: readonly string[] }
  /** Which conversation this is, and where its transcript is written. */
  | { readonly type: "conversation"; readonly id: string; readonly transcriptPath?: string }
  /** The process that runs the agent, where it is not the one that was launched. */
  | { readonly type: "pid"; readonly pid: number }
  /** A person or a program gave it a prompt. The same `key` from two sources is the same prompt. */
  | { readonly type: "prompt"; readonly key: string; readonly text: string }
  /** Totals of the conversation so far, not increments; with scope `process`, of all that the agent's process did. */
  | { readonly type: "usage"; readonly usage: Partial<Usage>; readonly scope?: "conversation" | "process" }
  /** Totals of one prompt so far. */
  | { readonly type: "prompt-usage"; readonly key: string; readonly usage: Partial<Usage> }
  /** The person has accepted a plan that it proposed while it worked on this prompt. */
  | { readonly type: "plan"; readonly key: string; readonly text: string }
  | { readonly type: "model"; readonly model: string }
  /** A usage limit has stopped it. Goes with an activity `limited` of the same signal. */
  | { readonly type: "limit"; readonly limit: LimitReport; readonly signal: string }
  /** How much of its allowance is used; windows that it does not name are as they were. */
  | { readonly type: "quota"; readonly windows: readonly Omit<QuotaWindow, "at" | "fullAt">[] };

/** What an agent tells of a limit that has stopped it. */
export interface LimitReport {
  readonly kind: LimitKind;
  /** Set where the limit is one model's: the word that the agent has for it, such as "Opus". */
  readonly model: string | null;
  /** Milliseconds since the epoch; null when it does not tell. */
  readonly resetsAt: number | null;
  /** From a field for programs, and not from words: it is exact, and beats one from words. */
  readonly isExact: boolean;
  /** Only words on a screen, of a program that says nothing better: they may look like a limit and be none. */
  readonly isGuess?: boolean;
  /** Its own words. */
  readonly text: string;
}

/** Sources that adapters read; the rest of {@link ReasonSource} is known without the agent. */
export type SignalSource = Exclude<ReasonSource, "process" | "gateway" | "person">;

/** A reading with where it comes from and when it was so, milliseconds since the epoch. */
export interface Signal {
  readonly source: SignalSource;
  readonly at: number;
  readonly reading: Reading;
}

/** What a reader makes of one value: readings, each with its own time where the value tells one. */
export type Read = (value: unknown) => readonly TimedReading[];
/** `at` is absent where the value tells no time; then the time it was written, or seen, counts. */
export type TimedReading = Reading & { readonly at?: number };
