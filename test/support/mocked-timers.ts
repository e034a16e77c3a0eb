import { syncBuiltinESMExports } from "node:module";
import { mock } from "node:test";

/** From now on, time passes by {@link passTime} alone, also for who imported `node:timers/promises` before. */
export function mockTimers(): void {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  syncBuiltinESMExports();
}

export function restoreTimers(): void {
  mock.timers.reset();
  syncBuiltinESMExports();
}

/** In steps: within one the mocked clock stands still at its end. */
export async function passTime(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) {
    mock.timers.tick(10);
    await goOn();
  }
}

/** Lets what was resolved go on. */
export async function goOn(): Promise<void> {
  for (let turns = 0; turns < 10; turns++) await Promise.resolve();
}
