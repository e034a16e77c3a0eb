// The pty host: a detached process that owns pseudoterminals, so that neither a window nor the gateway can end an agent by going away.
import "../protocol/jitless.ts";
import { randomBytes } from "node:crypto";
import { tallyHome } from "../protocol/home.ts";
import { messageOf } from "../protocol/message-of.ts";
import { PTY_HOST_PROTOCOL } from "../protocol/ptyhost.ts";
import { version } from "../protocol/version.ts";
import { systemClock } from "./clock.ts";
import { Control } from "./control.ts";
import { serveControl } from "./control-socket.ts";
import { publish } from "./discovery.ts";
import { exitWhenUnused } from "./exit-when-unused.ts";
import { listen, socketPathIn } from "./listen.ts";
import { openLog } from "./log.ts";
import { Ptys } from "./ptys.ts";
import { serveViewer } from "./viewer-socket.ts";

const DEFAULT_GRACE_MS = 30_000;
/** How long programs have to act on a hangup when the host itself is ended. */
const HANGUP_MS = 1000;

async function main(): Promise<void> {
  const home = tallyHome();
  const log = openLog(home.ptyHostLog, Date.now);
  process.on("SIGHUP", () => log("hangup ignored"));
  process.on("uncaughtException", (error) => log("uncaught exception", error));
  process.on("unhandledRejection", (error) => log("unhandled rejection", error));

  let isHungUp = false;
  const onError = (error: unknown) => log("error", error);
  const ptys = new Ptys({
    clock: systemClock,
    onChanged: (info) => {
      control.announce(info);
      checkUse();
      endOnceHungUp();
    },
    onUnneeded: () => checkUse(),
    onError,
  });
  const control: Control = new Control({ ptys, onError });

  const socketPath = socketPathIn(home.sockets, process.pid);
  const token = randomBytes(32).toString("hex");
  const listener = await listen({
    token,
    socketPath,
    onControl: (socket) => serveControl(socket, control, checkUse),
    terminalOf: (ptyId) => ptys.terminal(ptyId),
    onViewer: serveViewer,
    onError,
  });
  const startedAt = Date.now();
  const unpublish = publish(home.ptyHosts, {
    pid: process.pid,
    protocol: PTY_HOST_PROTOCOL,
    version,
    socketPath,
    token,
    startedAt,
  });
  // Nobody can use it before it can be found, however long it takes to start.
  const checkUse = exitWhenUnused({
    graceMs: Number(process.env["TALLY_PTYHOST_GRACE_MS"] ?? DEFAULT_GRACE_MS),
    isUsed: () => ptys.isNeeded || control.size > 0,
    exit: () => end("unused"),
  });
  log(`listening at ${socketPath}`);

  function end(why: string): never {
    log(`ending: ${why}`);
    unpublish();
    listener.close();
    process.exit(0);
  }
  function endOnceHungUp(): void {
    if (isHungUp && !ptys.infos.some(({ phase }) => phase === "running")) end("terminated");
  }
  process.once("SIGTERM", () => {
    setTimeout(() => end("terminated"), HANGUP_MS);
    void ptys.hangUp(HANGUP_MS / 2).then(() => {
      isHungUp = true;
      endOnceHungUp();
    });
  });
}

main().catch((error: unknown) => {
  console.error(`The pty host cannot start: ${messageOf(error)}`);
  process.exit(1);
});
