import { readFileSync } from "node:fs";
import { statFields } from "../../src/protocol/proc-stat.ts";
import { until } from "./until.ts";

/** Stops a process as Ctrl-Z does, and waits until it stands still: it may go on for a moment on another processor. */
export async function stopProcess(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  if (process.platform !== "linux") return;
  await until(() => statFields(readFileSync(`/proc/${pid}/stat`, "utf8"))[0] === "T", "the process to stand still");
}
