import * as z from "zod";

/**
 * Every way a request can fail: the HTTP status it is answered with, and in a few words what that is. Codes are stable: scripts match
 * on them.
 */
export const errors = {
  "invalid-json": { status: 400, title: "The body is not valid JSON" },
  "invalid-request": { status: 400, title: "The request is not as it should be" },
  "system-folder": { status: 400, title: "A system folder" },
  "name-invalid": { status: 400, title: "Not a usable name" },
  unauthorized: { status: 401, title: "The token is missing or wrong" },
  "host-refused": { status: 403, title: "Asked by a foreign name" },
  "origin-refused": { status: 403, title: "Asked by a web page" },
  "inside-session": { status: 403, title: "Asked from inside a session" },
  "approval-needed": { status: 403, title: "A person has to approve it first" },
  "folder-unreadable": { status: 403, title: "The folder can not be read" },
  "route-not-found": { status: 404, title: "No such route" },
  "session-not-found": { status: 404, title: "No such session" },
  "task-not-found": { status: 404, title: "No such task" },
  "pause-not-found": { status: 404, title: "No such pause" },
  "persona-not-found": { status: 404, title: "No such persona" },
  "worktree-not-found": { status: 404, title: "No such worktree" },
  "process-not-found": { status: 404, title: "No such process" },
  "snapshot-not-found": { status: 404, title: "No such snapshot" },
  "ref-not-found": { status: 404, title: "No such commit or branch" },
  "folder-missing": { status: 404, title: "No such folder" },
  "method-not-allowed": { status: 405, title: "Not by this method" },
  "session-ambiguous": { status: 409, title: "Several sessions fit" },
  "worktree-ambiguous": { status: 409, title: "Several worktrees fit" },
  /** Something is being done to it. */
  "worktree-busy": { status: 409, title: "Something is being done to the worktree" },
  /** It is not Tally's to remove, or is half made and has to be repaired first. */
  "worktree-not-ready": { status: 409, title: "The worktree is not ready" },
  "worktree-exists": { status: 409, title: "The worktree exists already" },
  "branch-checked-out": { status: 409, title: "The branch is checked out elsewhere" },
  "folder-exists": { status: 409, title: "The folder exists already" },
  "work-at-risk": { status: 409, title: "Work would be lost" },
  "process-running": { status: 409, title: "The process runs" },
  "session-ended": { status: 409, title: "The session has ended" },
  "session-live": { status: 409, title: "The session has not ended" },
  /** It waits in no queue, so it can not be moved there. */
  "task-not-queued": { status: 409, title: "The task does not wait in the queue" },
  /** It has ended, so there is nothing to cancel. */
  "task-ended": { status: 409, title: "The task has ended" },
  /** It has not ended, so it can not be queued again. */
  "task-live": { status: 409, title: "The task has not ended" },
  "request-gone": { status: 409, title: "What was asked is answered already" },
  "not-answerable": { status: 409, title: "Not to be answered from here" },
  "not-resumable": { status: 409, title: "Not to be resumed" },
  "not-attachable": { status: 409, title: "No terminal to attach to" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The body is not JSON" },
  "agent-unknown": { status: 422, title: "No such agent" },
  /** It takes no work without a terminal. */
  "agent-not-headless": { status: 422, title: "The agent takes no work without a terminal" },
  "program-missing": { status: 422, title: "The program is not installed" },
  "program-not-executable": { status: 422, title: "The program can not be run" },
  "not-a-folder": { status: 422, title: "Not a folder" },
  "not-a-repository": { status: 422, title: "Not a git repository" },
  "no-commits": { status: 422, title: "The repository has no commits" },
  "tally-json-invalid": { status: 422, title: "tally.json is not as it should be" },
  "no-free-port": { status: 422, title: "No free port" },
  paused: { status: 423, title: "The account is paused" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "The gateway failed" },
  "git-failed": { status: 500, title: "Git failed" },
  "setup-failed": { status: 500, title: "The setup failed" },
  cancelled: { status: 409, title: "Cancelled" },
  "spawn-failed": { status: 500, title: "The program could not be started" },
  "pty-host-unavailable": { status: 503, title: "The pty host does not answer" },
  "gateway-stopping": { status: 503, title: "The gateway is stopping" },
  "gateway-unreachable": { status: 503, title: "The gateway does not answer" },
  "gateway-start-failed": { status: 503, title: "The gateway could not be started" },
  "answer-undelivered": { status: 502, title: "The answer did not reach the agent" },
  "end-timed-out": { status: 504, title: "It did not end in time" },
  "runtime-missing": { status: 503, title: "Nothing to run the gateway with" },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;
export type ErrorCode = keyof typeof errors;

export const errorCodes = Object.keys(errors) as [ErrorCode, ...ErrorCode[]];

export function isErrorCode(word: string): word is ErrorCode {
  return Object.hasOwn(errors, word);
}

/** The media type of {@link problemSchema}. */
export const PROBLEM_TYPE = "application/problem+json";

/** A failure as it is answered: a problem document (RFC 9457) with our code. */
export const problemSchema = z.object({
  type: z.string().describe("Where the code is explained: a part of the gateway's own page, relative to the gateway."),
  title: z.string().describe("What the code means, in a few words; always the same for a code."),
  status: z.number().int(),
  detail: z.string().describe("What is wrong and what to do about it, one or two sentences for a person."),
  code: z.enum(errorCodes),
  details: z
    .unknown()
    .optional()
    .describe("Machine-readable extras: the candidates of an ambiguous id, the fields that are wrong."),
});
export type Problem = z.infer<typeof problemSchema>;

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

  /** The failure that a problem document tells of. */
  static of({ code, detail, details }: Problem): TallyError {
    return new TallyError(code, detail, details);
  }

  get status(): number {
    return errors[this.code].status;
  }

  toProblem(): Problem {
    const { status, title } = errors[this.code];
    return {
      type: `/docs#${this.code}`,
      title,
      status,
      detail: this.message,
      code: this.code,
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}
