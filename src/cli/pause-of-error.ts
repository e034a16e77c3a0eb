import * as z from "zod";
import type { TallyError } from "../protocol/errors.ts";
import { type Pause, pauseSchema } from "../protocol/limits.ts";

const detailsSchema = z.object({ pause: pauseSchema });

/** The pause that an error `paused` tells of; null when it tells of none that we understand. */
export function pauseOfError({ code, details }: TallyError): Pause | null {
  if (code !== "paused") return null;
  const parsed = detailsSchema.safeParse(details);
  return parsed.success ? parsed.data.pause : null;
}
