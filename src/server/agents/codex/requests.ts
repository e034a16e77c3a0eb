import { createHash } from "node:crypto";
import * as z from "zod";
import type { RequestAnswer } from "../../../protocol/requests.ts";

/** A permission's hook does not name the call it asks for, so both are known by what would be run, and in which turn. */
export function permissionId(turnId: string, toolInput: unknown): string {
  const { command, ...rest } = z.looseObject({ command: z.string().optional() }).safeParse(toolInput).data ?? {};
  const what = command ?? JSON.stringify(rest);
  return `permission-${turnId}-${createHash("sha256").update(what).digest("base64url").slice(0, 12)}`;
}

/** What a PermissionRequest hook prints for an answer. */
export function permissionOutput(answer: RequestAnswer): string {
  const decision =
    answer.choice === "allow"
      ? { behavior: "allow" }
      : { behavior: "deny", ...(answer.choice === "deny" && answer.message ? { message: answer.message } : {}) };
  return JSON.stringify({ hookSpecificOutput: { hookEventName: "PermissionRequest", decision } });
}
