/** What a listener throws is its own: it comes up as an uncaught exception, and whoever tells goes on. */
export function tell(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** One that throws keeps nothing from those after it. */
export function tellEach(...listeners: readonly (() => unknown)[]): void {
  for (const listener of listeners) tell(listener);
}
