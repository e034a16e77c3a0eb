import * as z from "zod";
import { sessionSchema, taskSchema } from "./entities.ts";
import { changeSchema, snapshotSchema } from "./events.ts";
import { pauseSchema } from "./limits.ts";
import type { RouteName, RouteResult } from "./routes.ts";
import { statsRoutes } from "./stats.ts";
import { outputEntrySchema } from "./tasks.ts";

/** The dashboard's page and the extension talk in these messages only; each is parsed by the side that gets it. */

const changedTask = z.object({ task: taskSchema, session: sessionSchema.nullable() });

/**
 * What the page may ask the gateway for, with what it gets; the extension passes it on. Nothing of it starts a process. The routes
 * themselves are written with Node's modules, which a page has none of.
 */
const dashboardAnswers = {
  answerSession: z.object({ session: sessionSchema }),
  moveTask: changedTask,
  pauseHistory: z.object({ pauses: z.array(pauseSchema) }),
  quotaHistory: statsRoutes.quotaHistory.result,
  stats: statsRoutes.stats.result,
  taskOutput: z.object({ entries: z.array(outputEntrySchema), task: taskSchema }),
  timeline: statsRoutes.timeline.result,
} as const satisfies { readonly [N in RouteName]?: z.ZodType<RouteResult<N>> };
export type DashboardRoute = keyof typeof dashboardAnswers;
const dashboardRoutes = Object.keys(dashboardAnswers) as [DashboardRoute, ...DashboardRoute[]];

/**
 * The commands of the editor that the page may run, by their names without `tally.`. They ask, confirm and tell of failures
 * as they do from the tree.
 */
export const dashboardCommands = [
  "addTask",
  "archiveSession",
  "cancelTask",
  "changePause",
  "dismissPause",
  "emptyQueue",
  "endSession",
  "liftPause",
  "newSession",
  "pauseAgent",
  "pauseSuggested",
  "removeTask",
  "resumeNow",
  "resumeSession",
  "retryTask",
  "runNext",
  "showTaskOutput",
  "showTaskSession",
  "showTerminal",
  "startGateway",
  "startNow",
] as const;
export type DashboardCommand = (typeof dashboardCommands)[number];

/** What a command is invoked on: a row's id ({@link ../presentation/tree-nodes.ts}). */
const targetSchema = z.string().min(1).max(500);

/** The parts of the page; each can be gone to. */
export const dashboardSectionSchema = z.enum(["waiting", "sessions", "limits", "tasks", "stats"]);
export type DashboardSection = z.infer<typeof dashboardSectionSchema>;

/** What the window knows of the gateway: `restricted` where it has none and may start none. */
export const dashboardConnectionSchema = z.enum(["connecting", "connected", "absent", "stopped", "restricted"]);
export type DashboardConnection = z.infer<typeof dashboardConnectionSchema>;

/** From the page. */
export const fromDashboardSchema = z.discriminatedUnion("type", [
  /** It listens now, or has lost count: it wants everything. */
  z.object({ type: z.literal("ready") }),
  z.object({
    type: z.literal("call"),
    id: z.number().int(),
    route: z.enum(dashboardRoutes),
    /** The parameter in the route's path. */
    param: z.string().max(500).optional(),
    query: z.unknown().optional(),
    body: z.unknown().optional(),
  }),
  z.object({ type: z.literal("command"), command: z.enum(dashboardCommands), target: targetSchema.optional() }),
  z.object({ type: z.literal("copy"), text: z.string().max(200_000) }),
  /** Something in it broke; for the log. */
  z.object({ type: z.literal("failed"), message: z.string().max(10_000) }),
]);
export type FromDashboard = z.infer<typeof fromDashboardSchema>;

/** To the page. */
export const toDashboardSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("model"), snapshot: snapshotSchema, connection: dashboardConnectionSchema }),
  /** `from`: the event after which these come. The page asks for everything again when that is not its last one. */
  z.object({ type: z.literal("changes"), from: z.number().int(), changes: z.array(changeSchema) }),
  z.object({ type: z.literal("connection"), connection: dashboardConnectionSchema }),
  z.object({ type: z.literal("answer"), id: z.number().int(), result: z.unknown() }),
  /** `mayHaveArrived`: nobody knows whether the gateway has acted on the call. */
  z.object({
    type: z.literal("refused"),
    id: z.number().int(),
    code: z.string(),
    message: z.string(),
    mayHaveArrived: z.boolean(),
  }),
  /** The person wants to see this part, or this session. */
  z.object({
    type: z.literal("show"),
    section: dashboardSectionSchema.optional(),
    sessionId: z.string().optional(),
  }),
]);
export type ToDashboard = z.infer<typeof toDashboardSchema>;

/** @throws where the gateway answers something else than the route says. */
export function parseAnswer<N extends DashboardRoute>(route: N, result: unknown): RouteResult<N> {
  return dashboardAnswers[route].parse(result) as RouteResult<N>;
}
