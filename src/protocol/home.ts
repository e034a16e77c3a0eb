import { createHash } from "node:crypto";
import { homedir, tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod";

/** Leaves room for a socket's own name within macOS's 104 bytes. */
const MAX_SOCKET_FOLDER_LENGTH = 80;

/** Where everything of one user's Tally lives. */
export interface TallyHome {
  readonly root: string;
  readonly stateDb: string;
  readonly gatewayFile: string;
  /** The gateway's process id and nothing else, for shell lines that ask whether it lives. */
  readonly gatewayPidFile: string;
  readonly tokenFile: string;
  readonly lockDb: string;
  readonly startLock: string;
  readonly logs: string;
  readonly gatewayLog: string;
  readonly ptyHostLog: string;
  readonly ptyHosts: string;
  /** What agents' hooks hand over. */
  readonly spool: string;
  /** A folder for every launch that needs files. */
  readonly launches: string;
  /** What was done in each session, to read: `<id>.session.json`. */
  readonly sessions: string;
  /** A folder for every task that ran without a terminal: what it read and what it wrote. */
  readonly tasks: string;
  /** The API to read in a browser, as `tally api docs` writes it. */
  readonly apiPage: string;
  readonly bin: string;
  readonly runtimes: string;
  /** JSON of {@link runtimeFileSchema}: which copied runtime is current, and what runs it. */
  readonly runtimeFile: string;
  /** A 0700 folder for sockets with a short path: unix socket paths over 104 bytes fail on macOS. */
  readonly sockets: string;
}

/** The layout of `$TALLY_HOME` (default `~/.tally`). */
export function tallyHome(env: Readonly<Record<string, string | undefined>> = process.env): TallyHome {
  const root = resolve(env["TALLY_HOME"] || join(homedir(), ".tally"));
  return {
    root,
    stateDb: join(root, "state.db"),
    gatewayFile: join(root, "gateway.json"),
    gatewayPidFile: join(root, "gateway.pid"),
    tokenFile: join(root, "token"),
    lockDb: join(root, "gateway.lock"),
    startLock: join(root, "gateway.start.lock"),
    logs: join(root, "logs"),
    gatewayLog: join(root, "logs", "gateway.log"),
    ptyHostLog: join(root, "logs", "ptyhost.log"),
    ptyHosts: join(root, "ptyhosts"),
    spool: join(root, "spool"),
    launches: join(root, "launches"),
    sessions: join(root, "sessions"),
    tasks: join(root, "tasks"),
    apiPage: join(root, "api.html"),
    bin: join(root, "bin"),
    runtimes: join(root, "runtime"),
    runtimeFile: join(root, "runtime.json"),
    sockets: socketFolder(root),
  };
}

/** Not in XDG_RUNTIME_DIR: that is emptied when its user logs out, and agents outlive that. */
function socketFolder(root: string): string {
  const inHome = join(root, "run");
  if (inHome.length <= MAX_SOCKET_FOLDER_LENGTH) return inHome;
  const digest = createHash("sha256").update(root).digest("hex").slice(0, 10);
  const user = process.platform === "win32" ? userInfo().username : String(userInfo().uid);
  return join(tmpdir().length > MAX_SOCKET_FOLDER_LENGTH / 2 ? "/tmp" : tmpdir(), `tally-${user}-${digest}`);
}

/** `gateway.json`, the discovery file: written atomically, and only once the gateway listens. */
export const gatewayFileSchema = z.object({
  pid: z.number().int().positive(),
  port: z.number().int().min(1).max(65535),
  version: z.string(),
  protocol: z.number().int(),
  startedAt: z.number().int(),
});
export type GatewayFile = z.infer<typeof gatewayFileSchema>;

/** `runtime.json`: what the extension recorded for the CLI, and for gateways that the CLI starts. */
export const runtimeFileSchema = z.object({
  version: z.string(),
  /** The folder that holds `dist/` and `node_modules/node-pty`: a copy under `runtime/`, or a development checkout. */
  folder: z.string(),
  /** A Node, or an editor's executable that acts as one with ELECTRON_RUN_AS_NODE=1. */
  execPath: z.string(),
});
export type RuntimeFile = z.infer<typeof runtimeFileSchema>;
