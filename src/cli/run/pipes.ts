import { setTimeout as delay } from "node:timers/promises";
import { agentEnvironment } from "../../client/environment.ts";
import type { GatewayClient } from "../../client/http.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { CreatedSession } from "../../protocol/routes.ts";
import { exitCodeOfError, exitCodeOfProgram, type ProgramExit } from "../exit-codes.ts";
import { endAs, startChild } from "./child.ts";
import type { RunIntent } from "../grammar.ts";
import { wordOf } from "./request.ts";

/** The person waits for the shell's prompt; the gateway notices a vanished process by itself. */
const REPORT_TIMEOUT_MS = 2_000;

/** Runs the session's program in this process's own pipes: bytes, exit code and signals are the program's. */
export async function runInPipes(
  client: GatewayClient,
  { session: { id, agent }, launch }: CreatedSession,
  intent: RunIntent,
): Promise<number> {
  if (!launch)
    throw new TallyError("internal", "The gateway did not say what to run. Restart it: tally gateway restart");
  const reportExit = ({ exitCode, signal }: ProgramExit) =>
    reported(client.call("sessionExited", { id, body: { exitCode, signal } }));
  const env = { ...agentEnvironment(process.env), ...launch.env };
  const child = await startChild({ ...launch, env, word: intent.kind === "persona" ? agent : wordOf(intent) }).catch(
    async (error: unknown) => {
      await reportExit({
        exitCode: exitCodeOfError(error instanceof TallyError ? error.code : "internal"),
        signal: null,
      });
      throw error;
    },
  );
  const started = reported(client.call("sessionStarted", { id, body: { pid: child.pid } }));
  const exit = await child.exited;
  await started;
  await reportExit(exit);
  await endAs(exit);
  return exitCodeOfProgram(exit);
}

/** Tracking must not change how the program behaves: a report that fails or takes long is given up. */
async function reported(report: Promise<unknown>): Promise<void> {
  await Promise.race([report, delay(REPORT_TIMEOUT_MS, undefined, { ref: false })]).catch(() => undefined);
}
