import type { Read, Signal, SignalSource } from "../agents/reading.ts";
import type { Log } from "../log.ts";

export interface ValueReaderOptions {
  readonly source: SignalSource;
  readonly emit: (signal: Signal) => void;
  readonly log: Pick<Log, "warn">;
  /** Where the values come from, for the log. */
  readonly origin: string;
}

/** Reads one value and emits what it says. */
export type ReadValue = (read: Read, value: unknown, seenAt: number) => void;

/** What agents write is theirs to change, so a reader that throws costs one value; of one origin only the first such is logged. */
export function valueReader({ source, emit, log, origin }: ValueReaderOptions): ReadValue {
  let hasFailed = false;
  return (read, value, seenAt) => {
    let readings;
    try {
      readings = read(value);
    } catch (error) {
      if (!hasFailed) log.warn("a value of an agent could not be read", { origin, error });
      hasFailed = true;
      return;
    }
    for (const { at = seenAt, ...reading } of readings) emit({ source, at, reading });
  };
}
