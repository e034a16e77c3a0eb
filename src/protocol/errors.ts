import * as z from "zod";

/** Every way a request can fail, with the HTTP status it is answered with. Codes are stable: scripts match on them. */
export const errorStatus = {
  "invalid-json": 400,
  "invalid-request": 400,
  "system-folder": 400,
  "name-invalid": 400,
  unauthorized: 401,
  "host-refused": 403,
  "origin-refused": 403,
  "inside-session": 403,
  "approval-needed": 403,
  "folder-unreadable": 403,
  "route-not-found": 404,
  "session-not-found": 404,
  "task-not-found": 404,
  "pause-not-found": 404,
  "persona-not-found": 404,
  "worktree-not-found": 404,
  "process-not-found": 404,
  "snapshot-not-found": 404,
  "ref-not-found": 404,
  "folder-missing": 404,
  "method-not-allowed": 405,
  "session-ambiguous": 409,
  "worktree-ambiguous": 409,
  /** Something is being done to it. */
  "worktree-busy": 409,
  /** It is not Tally's to remove, or is half made and has to be repaired first. */
  "worktree-not-ready": 409,
  "worktree-exists": 409,
  "branch-checked-out": 409,
  "folder-exists": 409,
  "work-at-risk": 409,
  "process-running": 409,
  "session-ended": 409,
  "session-live": 409,
  /** It waits in no queue, so it can not be moved there. */
  "task-not-queued": 409,
  /** It has ended, so there is nothing to cancel. */
  "task-ended": 409,
  /** It has not ended, so it can not be queued again. */
  "task-live": 409,
  "request-gone": 409,
  "not-answerable": 409,
  "not-resumable": 409,
  "not-attachable": 409,
  "body-too-large": 413,
  "unsupported-media-type": 415,
  "agent-unknown": 422,
  /** It takes no work without a terminal. */
  "agent-not-headless": 422,
  "program-missing": 422,
  "program-not-executable": 422,
  "not-a-folder": 422,
  "not-a-repository": 422,
  "no-commits": 422,
  "tally-json-invalid": 422,
  "no-free-port": 422,
  paused: 423,
  "too-many-requests": 429,
  internal: 500,
  "git-failed": 500,
  "setup-failed": 500,
  cancelled: 409,
  "spawn-failed": 500,
  "pty-host-unavailable": 503,
  "gateway-stopping": 503,
  "gateway-unreachable": 503,
  "gateway-start-failed": 503,
  "answer-undelivered": 502,
  "end-timed-out": 504,
  "runtime-missing": 503,
} as const satisfies Record<string, number>;
export type ErrorCode = keyof typeof errorStatus;

const errorCodes = Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]];

export const errorBodySchema = z.object({
  error: z.object({
    code: z.enum(errorCodes),
    /** What is wrong and what to do about it, one or two sentences for a person. */
    message: z.string(),
    /** Machine-readable extras: the candidates of an ambiguous id, the fields that are wrong. */
    details: z.unknown().optional(),
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

/** A failure with a stable code. Thrown on either side of the wire, it reads the same on both. */
export class TallyError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, details?: unknown) {
    super(message);
    this.name = "TallyError";
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return errorStatus[this.code];
  }

  toBody(): ErrorBody {
    return {
      error: {
        code: this.code,
        message: this.message,
        ...(this.details === undefined ? {} : { details: this.details }),
      },
    };
  }
}
