import type { PtyHostParams, PtyHostResult, PtyInfo } from "../protocol/ptyhost.ts";
import type { PtySignal } from "./pty-process.ts";

/** What the host owns, with or without a terminal: a program from its creation until it is forgotten. */
export interface Hosted {
  /** Resolves once it is created. Rejects with `spawn-failed`: then it never was. */
  readonly created: Promise<void>;
  readonly info: PtyInfo;
  /** Whether it has exited and stays so. */
  readonly isOver: boolean;
  /** Whether the host has to stay for it. */
  readonly isNeeded: boolean;
  /** The variables that the first program got, or would have. */
  readonly environment: Readonly<Record<string, string>>;
  signal(signal: PtySignal): void;
  /** The host is about to go, as at the end of a login. */
  hangUp(graceMs: number): Promise<void>;
  /** Runs another program in place of this one. */
  replace(request: PtyHostParams<"replace">): Promise<PtyHostResult<"replace">["outcome"]>;
  /** Ends the program and all that it started. Resolves once all of it has ended. */
  end(graceMs: number): Promise<void>;
  /** Its exit is known: it is no reason for the host to stay. */
  release(): void;
  output(format: "ansi" | "text"): Promise<PtyHostResult<"output">>;
  visibleRows(): Promise<string>;
  dispose(): void;
}
