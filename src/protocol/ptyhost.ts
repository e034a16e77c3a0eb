import * as z from "zod";

/**
 * What the gateway and a pty host say to each other, over a WebSocket on a unix socket or named pipe.
 * `GET /control`: requests, responses and events as JSON text frames. `GET /ptys/<id>/terminal`: one viewer, as in terminal.ts.
 * Both carry `Authorization: Bearer <token of the host's discovery file>`.
 */
export const PTY_HOST_PROTOCOL = 3;

/** The variable by which all that a program without a terminal started is found again, whatever it detached itself from. Its value is the program's ptyId. */
export const RUN_VARIABLE = "TALLY_RUN_ID";

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

const at = z.number().int();

/** The latest of each thing that a program says of itself in the terminal, besides its status. */
export const terminalSignalsSchema = z.object({
  /** OSC 0 and 2. */
  title: z.object({ text: z.string(), at }).nullable(),
  /** OSC 9;4. `percent` is null where the program gives none. */
  progress: z
    .object({ state: z.enum(["normal", "error", "indeterminate", "warning"]), percent: z.number().nullable(), at })
    .nullable(),
  /** OSC 9, 99 and 777. */
  notification: z.object({ title: z.string().nullable(), body: z.string(), at }).nullable(),
  bell: z.object({ at }).nullable(),
  /** What a shell is doing, from OSC 133 or from who has the terminal: `prompt` waits for a command. */
  shell: z.object({ state: z.enum(["prompt", "command"]), exitCode: z.number().int().nullable(), at }).nullable(),
  /** When output last came to rest, so that the screen can be read. */
  restedAt: at.nullable(),
});
export type TerminalSignals = z.infer<typeof terminalSignalsSchema>;

export const noTerminalSignals: TerminalSignals = {
  title: null,
  progress: null,
  notification: null,
  bell: null,
  shell: null,
  restedAt: null,
};

export const ptyInfoSchema = z.object({
  ptyId: z.string(),
  /**
   * `held`: created, and starts nothing before it is told to. `pending`: waiting for its first viewer's size before it is spawned.
   * One whose program is being replaced goes on as `running`.
   */
  phase: z.enum(["held", "pending", "running", "exited"]),
  /** Which program it runs: 1 for the first, one more with each that replaced it; 0 while none was started. */
  generation: z.number().int().nonnegative().default(1),
  /** The generation that is just being put in the place of this one. */
  replacing: z.number().int().nullable().default(null),
  pid: z.number().int().nullable(),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  exitedAt: z.number().int().nullable(),
  /** Why the program could not be started, when it could not. */
  spawnError: z.string().nullable(),
  status: programStatusSchema.nullable(),
  statusAt: at.nullable().default(null),
  /** A host from before these were read has none. */
  signals: terminalSignalsSchema.default(noTerminalSignals),
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
      /** Starts nothing until `replace` says what. Viewers can attach; the environment is remembered. */
      hold: z.boolean().default(false),
      /** No terminal at all: the program reads this file and writes into those, which it makes anew. Nothing can be attached. */
      files: z.object({ stdin: z.string(), stdout: z.string(), stderr: z.string() }).optional(),
    }),
    result: ptyInfoSchema,
  },
  /**
   * Runs another program in this terminal: asks the present one to end, after `graceMs` makes it, and then starts `file` there, with the
   * environment that the first one got and `env` over it. All of it happens in the host, so that a gateway that dies meanwhile changes
   * nothing. Once for each generation: one that is begun or done is only reported on. Also starts a held pty, and one that has exited.
   */
  replace: {
    params: z.object({
      ptyId: z.string(),
      /** The one that this program will be. */
      generation: z.number().int().positive(),
      file: z.string(),
      args: z.array(z.string()),
      env: z.record(z.string(), z.string()),
      graceMs: z.number().int().nonnegative(),
      /** Not while the person types: nothing is done when a key came within this time. 0: regardless. */
      unlessInputWithinMs: z.number().int().nonnegative(),
      /** Where it runs. Left out: where the first one did. */
      cwd: z.string().optional(),
      /** Nothing of the present program's session may go on beside it, jobs in the background neither. */
      endsSession: z.boolean().optional(),
    }),
    /** `typing`: nothing was done. */
    result: z.object({ outcome: z.enum(["replaced", "typing"]), pty: ptyInfoSchema }),
  },
  /** The variables that the first program of a pty got, or would have. */
  environment: {
    params: z.object({ ptyId: z.string() }),
    result: z.object({ env: z.record(z.string(), z.string()) }),
  },
  signal: {
    params: z.object({ ptyId: z.string(), signal: z.enum(["SIGINT", "SIGHUP", "SIGTERM", "SIGKILL"]) }),
    result: z.object({}),
  },
  /**
   * Ends the program and everything in its session, of one without a terminal all that it has started: asks first, and makes it after
   * `graceMs`. Answers once all has ended, for a program that had exited before, too: what it started may go on. A replacement under way
   * is called off.
   */
  end: { params: z.object({ ptyId: z.string(), graceMs: z.number().int().nonnegative() }), result: ptyInfoSchema },
  /** The screen and scrollback: `ansi` as a snapshot that a terminal can show, `text` as plain lines. */
  output: {
    params: z.object({ ptyId: z.string(), format: z.enum(["ansi", "text"]) }),
    result: z.object({ data: z.string(), cols: z.number().int(), rows: z.number().int() }),
  },
  /** The visible rows as plain lines, no scrollback. */
  screen: {
    params: z.object({ ptyId: z.string() }),
    result: z.object({ text: z.string() }),
  },
  /** The gateway has stored this pty's exit; the host may drop it. */
  forget: { params: z.object({ ptyId: z.string() }), result: z.object({}) },
  /** The gateway has stored this pty's exit. It stays for whoever looks or starts it anew, but is no reason for the host to stay. */
  release: { params: z.object({ ptyId: z.string() }), result: z.object({}) },
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
