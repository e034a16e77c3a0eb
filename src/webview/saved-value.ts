import type * as z from "zod";

/** What was saved under a key where it is what it should be, else `initial`: another version of the page may have saved something else. */
export function savedValue<T>(saved: unknown, key: string, schema: z.ZodType<T>, initial: T): T {
  if (typeof saved !== "object" || saved === null || !Object.hasOwn(saved, key)) return initial;
  const parsed = schema.safeParse((saved as Record<string, unknown>)[key]);
  return parsed.success ? parsed.data : initial;
}
