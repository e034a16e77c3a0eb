import { useState } from "preact/hooks";
import type * as z from "zod";
import { vscodeApi } from "./host.ts";
import { savedValue } from "./saved-value.ts";

/** What outlives this page when it is hidden, and a reload of the window: what the person typed, searched, opened. */
const saved: Record<string, unknown> = { ...(vscodeApi.getState() as Record<string, unknown> | undefined) };

/** As `useState`, of something that outlives the page. `undefined` forgets it. */
export function useSaved<T>(key: string, schema: z.ZodType<T>, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState(() => savedValue(saved, key, schema, initial));
  const set = (next: T) => {
    if (next === undefined || next === initial) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- what is not kept takes no room
      delete saved[key];
    } else saved[key] = next;
    vscodeApi.setState(saved);
    setValue(next);
  };
  return [value, set];
}
