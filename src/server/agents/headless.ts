import type { Usage } from "../../protocol/entities.ts";
import type { QuotaWindow } from "../../protocol/limits.ts";
import type { OutputEntry } from "../../protocol/tasks.ts";
import type { LimitReport } from "./reading.ts";

/** One prompt that is to be worked at without a terminal. */
export interface HeadlessOrder {
  readonly prompt: string;
  /** The conversation to go on with; null: a new one. */
  readonly conversationId: string | null;
  /** Further arguments, as the person gave them. */
  readonly args: readonly string[];
}

export interface HeadlessLaunch {
  /** For {@link ./adapter.ts AgentAdapter.plan}, in mode `pipes`. */
  readonly args: readonly string[];
  /** What the program reads from its standard input, whole: the prompt is there where it can be, so that no list of processes shows it. */
  readonly stdin: string;
}

/** What a program without a terminal says while it works. */
export type HeadlessReading =
  | { readonly type: "conversation"; readonly id: string }
  | { readonly type: "model"; readonly model: string }
  /** Of this run so far, in all. */
  | { readonly type: "usage"; readonly usage: Usage }
  | { readonly type: "output"; readonly entry: OutputEntry }
  | { readonly type: "quota"; readonly windows: readonly Omit<QuotaWindow, "at" | "fullAt">[] };

export interface HeadlessExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The end of what it wrote there. */
  readonly stderr: string;
}

/** What came of a run. */
export type HeadlessEnd = HeadlessOutcome & {
  /** What became known only with its end. */
  readonly readings?: readonly HeadlessReading[];
};

export type HeadlessOutcome =
  | { readonly outcome: "done"; readonly result: string }
  | {
      readonly outcome: "failed";
      /** For a person: the agent's own words where it has some. */
      readonly error: string;
      /** The agent had done nothing yet, and what stopped it passes by itself: the same prompt can be given again. */
      readonly mayRetry: boolean;
    }
  | { readonly outcome: "limited"; readonly limit: LimitReport };

/** Reads one run's output. It may remember; after a restart of the gateway a new one reads all of it again. */
export interface HeadlessReader {
  /** @param text one line of standard output, without its end. @param at when it was read. */
  line(text: string, at: number): readonly HeadlessReading[];
  /** Called once, after the last line. */
  end(exit: HeadlessExit, at: number): HeadlessEnd;
}

/** How an agent works without a terminal. */
export interface AgentHeadless {
  readonly launch: (order: HeadlessOrder) => HeadlessLaunch;
  /**
   * @param timeZone where the machine is, for times that are written for people.
   * @param env of the run, as far as it is kept: says where the agent's own files are. Left out: they are not looked at.
   */
  readonly reader: (timeZone: string, env?: Readonly<Record<string, string>>) => HeadlessReader;
}
