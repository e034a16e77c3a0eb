import { setTimeout as delay } from "node:timers/promises";

const LOOK_EVERY_MS = 10;
/** Longer than anything takes on a busy machine; only a test that fails waits for it. */
const TIMEOUT_MS = 30_000;

/** Waits until the condition holds. Fails saying what was waited for, and how things stand. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = TIMEOUT_MS,
  state: () => string = () => "",
): Promise<void> {
  await untilDefined(async () => ((await condition()) ? true : undefined), what, timeoutMs, state);
}

/** Waits until `look` finds something, and returns it. */
export async function untilDefined<T>(
  look: () => T | undefined | Promise<T | undefined>,
  what: string,
  timeoutMs = TIMEOUT_MS,
  state: () => string = () => "",
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}; ${state()}`);
    await delay(LOOK_EVERY_MS);
  }
}
