import * as z from "zod";

/**
 * What the gateway and a pty host say to each other, over a WebSocket on a unix socket or named pipe.
 * `GET /control`: requests, responses and events as JSON text frames. `GET /ptys/<id>/terminal`: one viewer, as in terminal.ts.
 * Both carry `Authorization: Bearer <token of the host's discovery file>`.
 */
export const PTY_HOST_PROTOCOL = 1;

/** `$TALLY_HOME/ptyhosts/<pid>.json`, written atomically once the host listens, removed when it exits. */
export const ptyHostFileSchema = z.object({
  pid: z.number().int().positive(),
  protocol: z.number().int(),
  version: z.string(),
  socketPath: z.string(),
  token: z.string(),
  startedAt: z.number().int(),
});
export type PtyHostFile = z.infer<typeof ptyHostFileSchema>;

/** OSC 7501, the Program Status Protocol: what a program says of itself in the terminal. */
export const programStatusSchema = z.object({
  state: z.enum(["idle", "working", "blocked", "done", "error", "clear"]),
  app: z.string().nullable(),
  kind: z.string().nullable(),
  message: z.string().nullable(),
});
export type ProgramStatus = z.infer<typeof programStatusSchema>;

export const ptyInfoSchema = z.object({
  ptyId: z.string(),
  /** `pending`: created, and waiting for its first viewer's size before it is spawned. */
  phase: z.enum(["pending", "running", "exited"]),
  pid: z.number().int().nullable(),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  exitedAt: z.number().int().nullable(),
  /** Why the program could not be started, when it could not. */
  spawnError: z.string().nullable(),
  status: programStatusSchema.nullable(),
});
export type PtyInfo = z.infer<typeof ptyInfoSchema>;

/** Requests by method: what each takes and what it answers. */
export const ptyHostMethods = {
  hello: {
    params: z.object({ protocol: z.number().int() }),
    result: z.object({ protocol: z.number().int(), version: z.string(), ptys: z.array(ptyInfoSchema) }),
  },
  create: {
    params: z.object({
      ptyId: z.string(),
      /** Absolute path of the program; arguments are a vector and never pass a shell. */
      file: z.string(),
      args: z.array(z.string()),
      cwd: z.string(),
      env: z.record(z.string(), z.string()),
      cols: z.number().int(),
      rows: z.number().int(),
      /** Wait this long for a first viewer, so that the program starts at the viewer's size and its first queries reach it. 0: spawn now. */
      awaitViewerMs: z.number().int().nonnegative(),
    }),
    result: ptyInfoSchema,
  },
  signal: {
    params: z.object({ ptyId: z.string(), signal: z.enum(["SIGINT", "SIGHUP", "SIGTERM", "SIGKILL"]) }),
    result: z.object({}),
  },
  /** The screen and scrollback: `ansi` as a snapshot that a terminal can show, `text` as plain lines. */
  output: {
    params: z.object({ ptyId: z.string(), format: z.enum(["ansi", "text"]) }),
    result: z.object({ data: z.string(), cols: z.number().int(), rows: z.number().int() }),
  },
  /** The gateway has stored this pty's exit; the host may drop it. */
  forget: { params: z.object({ ptyId: z.string() }), result: z.object({}) },
  memory: {
    params: z.object({}),
    result: z.object({ rssBytes: z.number(), ptys: z.number().int() }),
  },
} as const;
export type PtyHostMethod = keyof typeof ptyHostMethods;
export type PtyHostParams<M extends PtyHostMethod> = z.infer<(typeof ptyHostMethods)[M]["params"]>;
export type PtyHostResult<M extends PtyHostMethod> = z.infer<(typeof ptyHostMethods)[M]["result"]>;

export const ptyHostRequestSchema = z.object({
  id: z.number().int(),
  method: z.enum(Object.keys(ptyHostMethods) as [PtyHostMethod, ...PtyHostMethod[]]),
  params: z.unknown(),
});

export const ptyHostErrorCodeSchema = z.enum([
  "invalid-request",
  "pty-not-found",
  "pty-exists",
  "spawn-failed",
  "internal",
]);

/** From host to gateway. `changed` tells every change of a pty's info: spawned, program status, exited. */
export const ptyHostMessageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("result"), id: z.number().int(), result: z.unknown() }),
  z.object({
    type: z.literal("error"),
    id: z.number().int(),
    code: ptyHostErrorCodeSchema,
    message: z.string(),
  }),
  z.object({ type: z.literal("changed"), pty: ptyInfoSchema }),
]);
export type PtyHostMessage = z.infer<typeof ptyHostMessageSchema>;
