import * as z from "zod";

/**
 * The terminal socket, `WS /v1/sessions/:id/terminal`, the same end to end: viewer, gateway, pty host.
 * Binary frames are bytes: what the person typed on the way in, what the agent wrote on the way out. Text frames
 * are these messages. The viewer's first frame is `attach`.
 */
const dimension = z.number().int().min(1).max(2000);

/** Viewers send this many bytes' worth of `ack` at least this often; the host measures what a viewer has not yet handled. */
export const ACK_EVERY_BYTES = 64 * 1024;

export const viewerMessageSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("attach"),
    cols: dimension,
    rows: dimension,
    /** True for a viewer that is a real terminal and can answer the agent's queries (DA, DSR, OSC 10/11). */
    answersQueries: z.boolean(),
  }),
  z.object({ type: z.literal("resize"), cols: dimension, rows: dimension }),
  /** So many more bytes of output (binary frames and snapshots) were handled. */
  z.object({ type: z.literal("ack"), bytes: z.number().int().nonnegative() }),
  /** Continue the program: it may have taken Ctrl-Z for a stop, and there is no shell here to continue it (SIGCONT). */
  z.object({ type: z.literal("continue") }),
  z.object({ type: z.literal("detach") }),
]);
export type ViewerMessage = z.infer<typeof viewerMessageSchema>;

export const terminalMessageSchema = z.discriminatedUnion("type", [
  /** First answer to `attach`, and again whenever the session's size changes: the size the agent draws for. */
  z.object({ type: z.literal("size"), cols: dimension, rows: dimension }),
  /**
   * Everything so far as a terminal would show it: modes, scrollback, screen, cursor. It holds no query, so writing it
   * makes no terminal answer. A viewer clears itself (`ESC c` or its like), writes `data`, and goes on with the bytes that follow.
   * Sent on attach to a session that already wrote something, and when a viewer that fell behind is skipped ahead.
   */
  z.object({
    type: z.literal("snapshot"),
    cols: dimension,
    rows: dimension,
    data: z.string(),
    why: z.enum(["attach", "behind"]),
  }),
  /** The session ended. `restore` undoes the terminal modes that the agent left on; empty when it left none. */
  z.object({
    type: z.literal("exit"),
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
    restore: z.string(),
  }),
  /** Answer to `detach`; the host closes the socket after it. `restore` as in `exit`. */
  z.object({ type: z.literal("detached"), restore: z.string() }),
]);
export type TerminalMessage = z.infer<typeof terminalMessageSchema>;
