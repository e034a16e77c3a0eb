import { homedir } from "node:os";
import type { TallyHome } from "../protocol/home.ts";
import type { RouteBody } from "../protocol/routes.ts";
import { GATEWAY_PROTOCOL } from "../protocol/version.ts";
import { agentRegistry } from "./agents/registry.ts";
import { programVersions } from "./agents/version.ts";
import { prepareHome, removeGatewayFile, settleToken, writeGatewayFile } from "./discovery-file.ts";
import { gatewayRoutes } from "./http/gateway-routes.ts";
import { limitRoutes } from "./http/limit-routes.ts";
import { personaRoutes } from "./http/persona-routes.ts";
import { processRoutes, processTerminal } from "./http/process-routes.ts";
import { recipeRoutes } from "./http/recipe-routes.ts";
import { worktreeRoutes } from "./http/worktree-routes.ts";
import { wrapperRoutes } from "./http/wrapper-routes.ts";
import { serveEvents } from "./http/events-socket.ts";
import { HttpServer } from "./http/server.ts";
import { docsRoutes } from "./http/docs-routes.ts";
import { historyRoutes, listTasks } from "./http/history-routes.ts";
import { queueRoutes, taskOutputSocket } from "./http/queue-routes.ts";
import { sessionApiRoutes } from "./http/session-api-routes.ts";
import { sessionFeedRoutes } from "./http/session-feed-routes.ts";
import { sessionFeedSocket } from "./http/session-feed-socket.ts";
import { sessionRoutes } from "./http/session-routes.ts";
import { sessionTerminal } from "./http/session-terminal.ts";
import { statsRoutes } from "./http/stats-routes.ts";
import { taskRoutes } from "./http/task-routes.ts";
import { History } from "./history/history.ts";
import { ProjectCopies } from "./history/project-copies.ts";
import { SessionFiles } from "./history/session-files.ts";
import { IdleWatch } from "./idle.ts";
import { Accounts } from "./limits/accounts.ts";
import { limitedAgents } from "./limits/limited-agents.ts";
import { Pauses } from "./limits/pauses.ts";
import { resumeByHand } from "./limits/resume-by-hand.ts";
import { Resuming, type ResumeTiming } from "./limits/resuming.ts";
import { KeptSettings } from "./limits/settings.ts";
import { StoppedSessions } from "./limits/stopped-sessions.ts";
import type { Log } from "./log.ts";
import { Personas } from "./personas/personas.ts";
import { runsElsewhere } from "./sessions/elsewhere.ts";
import { AccountPause } from "./sessions/external/account-pause.ts";
import { ExternalSessions } from "./sessions/external/external-sessions.ts";
import { startNotifications } from "./notifications/notifications.ts";
import { systemDesktop } from "./notifications/system-desktop.ts";
import { thisMachine } from "./session-api/feed-session.ts";
import { SessionCreation } from "./session-api/session-creation.ts";
import { Sessions } from "./sessions/sessions.ts";
import { Spool } from "./signals/spool.ts";
import { Stats } from "./stats/stats.ts";
import { lockInstance, openDatabase } from "./store/database.ts";
import { Store, type StoredSession } from "./store/store.ts";
import { worktreeServices } from "./worktrees/services.ts";
import { ForeignTasks } from "./tasks/foreign-tasks.ts";
import { taskServices } from "./tasks/services.ts";

/** A program that does not tell its version in so long is used without it being known. */
const VERSION_TIMEOUT_MS = 5_000;

export interface GatewayOptions {
  readonly home: TallyHome;
  readonly log: Log;
  readonly version: string;
  /** TALLY_TOKEN, when it is set. */
  readonly token: string | undefined;
  readonly port: number;
  readonly idleMs: number;
  readonly graceMs: number;
  /** The programs of the pty host and the demo agent, and what runs them. */
  readonly ptyHostEntry: string;
  readonly demoEntry: string;
  readonly execPath: string;
  /** How long a process of a worktree may take until its port answers. */
  readonly processStartMs: number;
  readonly resume: ResumeTiming & {
    /** At most so long after a reset: clocks differ, and many wait for the same moment. */
    readonly jitterMs: number;
  };
  /** What it was started with. */
  readonly env: Readonly<Record<string, string>>;
  readonly now: () => number;
  /** The gateway has stopped: asked to, or because nobody needed it. */
  readonly onStopped: () => void;
}

export interface Gateway {
  readonly port: number;
  stop(why: string): Promise<void>;
}

/** Starts the gateway of a TALLY_HOME; null when another one has it already. */
export async function startGateway(options: GatewayOptions): Promise<Gateway | null> {
  const { home, log, version, now, execPath } = options;
  prepareHome(home);
  const lock = lockInstance(home.lockDb);
  if (!lock) return null;

  const token = settleToken(home, options.token);
  const store = new Store(openDatabase(home.stateDb), now);
  const agents = agentRegistry({ demoEntry: options.demoEntry, execPath });
  const tasks = new ForeignTasks({ store, now });
  const settings = new KeptSettings(store);
  const accounts = new Accounts({ store, agents, now });
  const pauses = new Pauses({ store, log, now, jitterMs: () => Math.round(Math.random() * options.resume.jitterMs) });
  const personas = new Personas({ store, agents, settings: () => settings.current });
  const isElsewhere = (session: StoredSession): boolean => runsElsewhere(session, external);
  const versionOf = programVersions({ timeoutMs: VERSION_TIMEOUT_MS });
  const spool = new Spool({
    folder: home.spool,
    log,
    onHook: (hook) => sessions.following.hook(hook),
    onAskGone: (askId) => sessions.following.askGone(askId),
  });
  const sessions = new Sessions({
    store,
    log,
    agents,
    now,
    accounts,
    pauses,
    personas,
    settings,
    isElsewhere,
    env: options.env,
    graceMs: options.graceMs,
    onLimited: (limited) => stopped.limited(limited),
    onEndedByLimit: (session, limit) => stopped.endedBy(session, limit),
    launch: { home, versionOf },
    spool,
    onOtherPty: (pty) => {
      if (!ofTasks.ptyChanged(pty)) processes.ptyChanged(pty);
    },
    onPtyHostsSettled: () => {
      processes.hostsSettled();
      ofTasks.hostsSettled();
    },
    endHeadless: (id) => ofTasks.tasks.endIn(id),
    ptyHosts: { home, version, execPath, entry: options.ptyHostEntry },
  });
  const external = new ExternalSessions({ store, log, agents, accounts, sessions, env: options.env, now });
  const ofLimits = {
    store,
    log,
    pauses,
    now,
    timing: options.resume,
    settings: () => settings.current,
    ...limitedAgents({ agents, accounts, sessions }),
    isElsewhere,
  };
  const stopped = new StoppedSessions(ofLimits);
  const resuming = new Resuming({ ...ofLimits, stopped });
  const resume = (session: StoredSession, body: RouteBody<"resumeSession">) => resumeByHand(session, body, ofLimits);
  const { worktrees, processes, ofWorktrees, approvals, records } = worktreeServices({
    store,
    log,
    now,
    agents,
    settings: () => settings.current,
    personas,
    sessions,
    versionOf,
    isWatched: () => http.clients > 0,
    env: options.env,
    graceMs: options.graceMs,
    processStartMs: options.processStartMs,
  });
  const ofTasks = taskServices({
    ...ofLimits,
    home,
    agents,
    accounts,
    personas,
    versionOf,
    ptyHosts: sessions.ptyHosts,
    isBeingStarted: (id) => sessions.isBeingStarted(id),
    env: options.env,
    graceMs: options.graceMs,
    ...options.resume,
  });
  const history = new History({ store, now });
  const stats = new Stats({ store, now, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  const keepOutOfGit = records.keepHistoryOut.bind(records);
  const copies = new ProjectCopies({ ownFolder: home.sessions, keepOutOfGit });
  const sessionFiles = new SessionFiles({
    ...{ store, history, log, copies },
    folder: home.sessions,
    settings: () => settings.current,
  });
  await sessions.recover();
  processes.recover();
  worktrees.recover();
  await sessionFiles.start();
  await spool.start();
  sessions.following.reconcile((askId) => spool.isAsking(askId));
  const notifications = startNotifications({
    store,
    log,
    desktop: systemDesktop(process.platform),
    settings: () => settings.current,
  });
  resuming.start();
  ofTasks.recover();
  sessions.finishEndings();

  const startedAt = now();
  const creation = new SessionCreation({ headless: ofTasks.headless, now });
  const machine = thisMachine();
  const http: HttpServer = new HttpServer({
    token,
    log,
    onActivity: () => idle.touch(),
    routes: {
      ...gatewayRoutes({
        ...{ store, version, startedAt, execPath },
        ptyHosts: sessions.ptyHosts,
        port: () => port,
        clients: () => http.clients,
        stop: () => void stop("asked to"),
      }),
      ...sessionRoutes({ sessions, stopped, store, agents, resume }),
      ...worktreeRoutes({ ...ofWorktrees, resumeSession: resume }),
      ...processRoutes({ processes }),
      ...recipeRoutes({ approvals, store }),
      ...limitRoutes({
        store,
        accounts,
        pauses,
        personas,
        settings,
        onSettings: () => {
          resuming.settingsChanged();
          ofTasks.settingsChanged();
          sessionFiles.settingsChanged();
        },
      }),
      ...personaRoutes({ personas, store }),
      ...wrapperRoutes({
        external,
        accountPause: new AccountPause({ accounts, pauses }),
        version,
        uptimeMs: () => now() - startedAt,
      }),
      ...taskRoutes(tasks),
      ...queueRoutes(ofTasks.tasks),
      listTasks: listTasks(store),
      ...historyRoutes({ history }),
      ...statsRoutes(stats),
      ...docsRoutes({ version, port: () => port }),
      ...sessionApiRoutes({
        ...{ creation, sessions, store, history },
        tasks: ofTasks.tasks,
        env: options.env,
        homeFolder: homedir(),
      }),
      ...sessionFeedRoutes({ creation, sessions, history, store, machine }),
    },
    sockets: {
      processTerminal: processTerminal(processes),
      taskOutput: taskOutputSocket(ofTasks.tasks),
      sessionFeed: sessionFeedSocket({ store, machine, log }),
      events: async ({ query }, accept) => {
        const seen = query as { since?: number; store?: string };
        serveEvents(await accept(), store, seen, notifications.presence);
      },
      terminal: sessionTerminal(sessions),
    },
  });
  const port = await http.listen(options.port);
  writeGatewayFile(home, { pid: process.pid, port, version, protocol: GATEWAY_PROTOCOL, startedAt });
  // Nobody can need it before it can be found, however long it takes to start.
  const idle = new IdleWatch({
    idleMs: options.idleMs,
    isNeeded: () =>
      http.clients > 0 ||
      // One without a terminal that does nothing needs nobody.
      store.liveSessions().some(({ mode }) => mode !== "headless") ||
      [processes.isNeeded, worktrees.isBusy, ofTasks.isNeeded()].includes(true),
    onIdle: () => void stop("nobody needs it"),
  });
  log.info("gateway started", { version, port, pid: process.pid });

  let stopping: Promise<void> | undefined;
  const stop = (why: string): Promise<void> => {
    stopping ??= (async () => {
      log.info("gateway stops", { why });
      idle.stop();
      removeGatewayFile(home);
      await http.close();
      notifications.stop();
      await spool.stop();
      resuming.stop();
      ofTasks.stop();
      external.stop();
      await ofWorktrees.stop();
      sessions.stop();
      await sessionFiles.stop();
      store.close();
      lock.release();
      options.onStopped();
    })();
    return stopping;
  };
  return { port, stop };
}
