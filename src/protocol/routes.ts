import * as z from "zod";
import { docsRoutes } from "./docs-routes.ts";
import { originSchema, projectSchema, reasonSchema, sessionModeSchema, sessionSchema, taskSchema } from "./entities.ts";
import { snapshotSchema } from "./events.ts";
import { historyRoutes } from "./history.ts";
import { limitRoutes } from "./limit-routes.ts";
import { pauseSchema } from "./limits.ts";
import { absolutePathSchema } from "./paths.ts";
import { queueRoutes } from "./queue-routes.ts";
import { requestAnswerSchema } from "./requests.ts";
import { sessionApiRoutes } from "./session-api.ts";
import { sessionFeedRoutes, sessionFeedSockets } from "./session-feed.ts";
import { reasonSourceSchema } from "./sources.ts";
import { sessionStateSchema } from "./states.ts";
import { statsRoutes } from "./stats.ts";
import { taskRoutes } from "./task-api.ts";
import { worktreeRoutes } from "./worktree-routes.ts";
import { wrapperRoutes } from "./wrapper-api.ts";

/** One HTTP route: what it takes and what it answers. Path segments that start with `:` are parameters. */
export interface RouteShape {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: `/${string}`;
  readonly body?: z.ZodType;
  readonly query?: z.ZodType;
  readonly result: z.ZodType;
  /** Of an answer; 200 where it is left out. */
  readonly status?: 201;
  /** What the answer is, where it is not JSON: text as it is, or an async iterable of {@link ServerSentEvent}. */
  readonly answers?: "text/html" | "text/event-stream";
}

/** One event of an answer that is a stream. `data` is sent as JSON. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Where a launch says it belongs when its folder does not: the variables that existing wrappers set. */
export const launchContextSchema = z.object({
  projectName: z.string().max(200).optional(),
  repoPath: absolutePathSchema.optional(),
  agentLabel: z.string().max(100).optional(),
  ide: z.string().max(200).optional(),
  taskId: z.string().min(1).max(200).optional(),
});
export type LaunchContext = z.infer<typeof launchContextSchema>;

export const createSessionSchema = z.object({
  agent: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      "An agent's name; `command` runs `args[0]` with the rest as its arguments. May be left out with a persona, which names it.",
    ),
  persona: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("A persona of the settings, or of the repository's tally.json once a person has approved it."),
  args: z.array(z.string()).max(10_000).default([]),
  cwd: absolutePathSchema,
  title: z.string().max(500).optional(),
  env: z
    .record(z.string(), z.string())
    .describe("The environment the program gets, whole: the caller's own. Used for the launch and not stored."),
  mode: sessionModeSchema.exclude(["external", "headless"]).default("pty"),
  origin: originSchema.default("http"),
  cols: z.number().int().min(1).max(2000).default(80),
  rows: z.number().int().min(1).max(2000).default(24),
  awaitViewerMs: z
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(0)
    .describe("Wait this long for a first viewer before the program starts, so that it starts at the viewer's size."),
  whenPaused: z
    .enum(["refuse", "hold", "start"])
    .default("refuse")
    .describe(
      "While a pause holds it: `refuse` answers `paused`, `hold` makes a PAUSED session that starts at the reset, `start` starts it anyway.",
    ),
  context: launchContextSchema.optional(),
});
export type CreateSession = z.input<typeof createSessionSchema>;

/** For mode `pipes`: what the caller shall spawn, with these variables added to and removed from its environment. */
export const launchPlanSchema = z.object({
  file: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
});
export type LaunchPlan = z.infer<typeof launchPlanSchema>;

export const createdSessionSchema = z.object({
  session: sessionSchema,
  project: projectSchema,
  task: taskSchema,
  launch: launchPlanSchema.nullable(),
  pause: pauseSchema
    .nullable()
    .default(null)
    .describe("The pause in spite of which it was started; null when there is none."),
});
export type CreatedSession = z.infer<typeof createdSessionSchema>;

export const agentInfoSchema = z.object({
  name: z.string(),
  label: z.string(),
  path: z
    .string()
    .nullable()
    .describe("Absolute path of the program as found on the given PATH, or null when it is not installed there."),
  installHint: z.string().nullable().describe("What to do to get it, for a person."),
});
export type AgentInfo = z.infer<typeof agentInfoSchema>;

export const healthSchema = z.object({
  status: z.literal("ok"),
  version: z.string(),
  protocol: z.number().int(),
  pid: z.number().int(),
  port: z.number().int(),
  startedAt: z.number().int(),
  clients: z.number().int(),
  liveSessions: z.number().int(),
  ptyHosts: z.array(z.object({ pid: z.number().int(), version: z.string(), ptys: z.number().int() })),
  runtime: z.string(),
});
export type Health = z.infer<typeof healthSchema>;

/** The last word of one source on what an agent is doing. */
export const testimonySchema = z.object({
  source: reasonSourceSchema,
  signal: z.string().describe('What the source said in its own words: "PermissionRequest hook".'),
  text: z.string(),
  at: z.number().int(),
  decides: z.boolean().describe("Whether the session's state comes from it."),
});
export type Testimony = z.infer<typeof testimonySchema>;

export const whySchema = z.object({
  state: sessionStateSchema,
  reason: reasonSchema,
  testimonies: z.array(testimonySchema).describe("Newest first."),
});
export type Why = z.infer<typeof whySchema>;

export const resumeSessionSchema = z.object({
  prompt: z
    .string()
    .trim()
    .min(1)
    .max(100_000)
    .nullable()
    .default(null)
    .describe("The next prompt; null: none, only the conversation is there again."),
  env: z
    .record(z.string(), z.string())
    .optional()
    .describe("The environment for a new process. Left out: what is left of the one that it had."),
  cols: z.number().int().min(1).max(2000).default(80),
  rows: z.number().int().min(1).max(2000).default(24),
  awaitViewerMs: z.number().int().min(0).max(60_000).default(0),
  force: z.boolean().default(false),
});

const session = z.object({ session: sessionSchema });
const nothing = z.object({});

/** Every HTTP route of the gateway. The router, the client's types and the tests that walk all routes are made from this table. */
export const routes = {
  health: { method: "GET", path: "/v1/health", result: healthSchema },
  snapshot: { method: "GET", path: "/v1/snapshot", result: snapshotSchema },
  detectAgents: {
    method: "POST",
    path: "/v1/agents/detect",
    body: z.object({ path: z.string() }),
    result: z.object({ agents: z.array(agentInfoSchema) }),
  },
  createSession: {
    method: "POST",
    path: "/v1/sessions",
    body: createSessionSchema,
    result: createdSessionSchema,
  },
  /** Finds one session by its id, a unique prefix of it, its root task's id, or the name of the worktree it runs in. */
  resolveSession: {
    method: "GET",
    path: "/v1/sessions",
    query: z.object({ ref: z.string().min(1) }),
    result: session,
  },
  getSession: {
    method: "GET",
    path: "/v1/sessions/:id",
    result: z.object({ session: sessionSchema, project: projectSchema, tasks: z.array(taskSchema) }),
  },
  /** Why the session is in its state: what each source last said. */
  whySession: { method: "GET", path: "/v1/sessions/:id/why", result: whySchema },
  /** Answers what the agent asks. `request-gone` when it was answered elsewhere in the meantime. */
  answerSession: {
    method: "POST",
    path: "/v1/sessions/:id/answer",
    body: z.object({ requestId: z.string().min(1), answer: requestAnswerSchema }),
    result: session,
  },
  renameSession: {
    method: "PATCH",
    path: "/v1/sessions/:id",
    body: z.object({ title: z.string().trim().min(1).max(500) }),
    result: session,
  },
  /** Asks the program to end, and after a grace makes it. Answers when the session has ended. */
  endSession: {
    method: "POST",
    path: "/v1/sessions/:id/end",
    body: z.object({ force: z.boolean().default(false) }),
    result: session,
  },
  /**
   * Goes on with the session's conversation: in its terminal where that runs and its limit has stopped it, else in a new process.
   * A launch that was held starts. `paused` while a limit holds it, unless `force`.
   */
  resumeSession: {
    method: "POST",
    path: "/v1/sessions/:id/resume",
    body: resumeSessionSchema,
    result: session,
  },
  /** Whether it goes on by itself when a limit resets: `false` also cancels what is scheduled. */
  setAutoResume: {
    method: "POST",
    path: "/v1/sessions/:id/auto-resume",
    body: z.object({ enabled: z.boolean() }),
    result: session,
  },
  /** Puts an ended session away, or brings it back: put away, it is only shown where all are asked for. */
  archiveSession: {
    method: "POST",
    path: "/v1/sessions/:id/archive",
    body: z.object({ isArchived: z.boolean() }),
    result: session,
  },
  removeSession: { method: "DELETE", path: "/v1/sessions/:id", result: nothing },
  /** What is on the session's terminal, scrollback first; also after it ended. */
  sessionOutput: {
    method: "GET",
    path: "/v1/sessions/:id/output",
    query: z.object({ format: z.enum(["text", "ansi"]).default("text") }),
    result: z.object({ data: z.string(), cols: z.number(), rows: z.number() }),
  },
  /** Mode `pipes`: the caller has spawned the program, or could not. */
  sessionStarted: {
    method: "POST",
    path: "/v1/sessions/:id/started",
    body: z.object({ pid: z.number().int().positive() }),
    result: session,
  },
  /** Mode `pipes`: the program has exited. */
  sessionExited: {
    method: "POST",
    path: "/v1/sessions/:id/exited",
    body: z.object({ exitCode: z.number().int().nullable(), signal: z.string().nullable() }),
    result: session,
  },
  ...limitRoutes,
  ...worktreeRoutes,
  ...wrapperRoutes,
  stopGateway: { method: "POST", path: "/v1/gateway/stop", result: nothing },
  ...taskRoutes,
  ...queueRoutes,
  ...historyRoutes,
  ...statsRoutes,
  ...sessionApiRoutes,
  ...sessionFeedRoutes,
  ...docsRoutes,
} as const satisfies Record<string, RouteShape>;

export type RouteName = keyof typeof routes;
type Schema<R, K extends string> = R extends Record<K, infer S extends z.ZodType> ? S : never;
/** What a caller passes; what a handler gets is {@link RouteBody}. */
export type RouteBodyInput<N extends RouteName> = z.input<Schema<(typeof routes)[N], "body">>;
export type RouteBody<N extends RouteName> = z.output<Schema<(typeof routes)[N], "body">>;
export type RouteQueryInput<N extends RouteName> = z.input<Schema<(typeof routes)[N], "query">>;
export type RouteQuery<N extends RouteName> = z.output<Schema<(typeof routes)[N], "query">>;
export type RouteResult<N extends RouteName> = z.output<(typeof routes)[N]["result"]>;

/** The gateway's WebSocket endpoints; the same rules of access hold for them as for routes. */
export const sockets = {
  /** Frames are {@link ./events.ts eventFrameSchema}. `since`: the last event the client has seen, `store`: of which store. */
  events: {
    path: "/v1/events",
    query: z.object({ since: z.coerce.number().int().nonnegative().optional(), store: z.string().optional() }),
  },
  /** Frames are those of {@link ./terminal.ts}. */
  terminal: { path: "/v1/sessions/:id/terminal", query: z.object({}) },
  processTerminal: { path: "/v1/processes/:id/terminal", query: z.object({}) },
  /** Frames are {@link ./queue-routes.ts taskOutputFrameSchema}. */
  taskOutput: { path: "/v1/tasks/:id/output", query: z.object({}) },
  ...sessionFeedSockets,
} as const satisfies Record<string, { path: `/${string}`; query: z.ZodType }>;
export type SocketName = keyof typeof sockets;
