import { deferred } from "./deferred.ts";

/** Ctrl-C at the terminal, or what asks this process to end. */
export interface Interruption {
  readonly first: Promise<void>;
  /** Null, so that it can be told from other ends. */
  readonly second: Promise<null>;
  wasInterrupted(): boolean;
  dispose(): void;
}

/** Takes them from now on: they end this process no more. */
export function listenForInterrupts(): Interruption {
  const first = deferred<undefined>();
  const second = deferred<null>();
  let count = 0;
  const onInterrupt = () => {
    count += 1;
    if (count === 1) first.resolve(undefined);
    else second.resolve(null);
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, onInterrupt);
  return {
    first: first.promise,
    second: second.promise,
    wasInterrupted: () => count > 0,
    dispose() {
      for (const signal of signals) process.off(signal, onInterrupt);
    },
  };
}
