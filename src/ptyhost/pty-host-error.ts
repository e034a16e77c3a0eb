import type * as z from "zod";
import type { ptyHostErrorCodeSchema } from "../protocol/ptyhost.ts";

export type PtyHostErrorCode = z.infer<typeof ptyHostErrorCodeSchema>;

/** A request that fails, with the code and message that its sender gets. */
export class PtyHostError extends Error {
  readonly code: PtyHostErrorCode;

  constructor(code: PtyHostErrorCode, message: string) {
    super(message);
    this.name = "PtyHostError";
    this.code = code;
  }
}
