import { checkAgents } from "./check-agents.ts";
import { checkGateway } from "./check-gateway.ts";
import { checkHome } from "./check-home.ts";
import { checkHooks } from "./check-hooks.ts";
import { limitFindings } from "./check-limits.ts";
import { checkPath } from "./check-path.ts";
import { checkRuntime } from "./check-runtime.ts";
import { settingFindings } from "./check-settings.ts";
import { type Finding, problem } from "./finding.ts";
import { askLoginShell } from "./login-shell.ts";
import { messageOf } from "../../protocol/message-of.ts";
import type { DoctorPlace } from "./place.ts";
import { withoutSecrets } from "./without-secrets.ts";

/**
 * Looks at one thing after the other, the more basic ones first. Programs are asked for their versions and nothing else, each for a
 * limited time. Ends early when it is cancelled.
 */
export async function* diagnose(place: DoctorPlace): AsyncGenerator<Finding> {
  for await (const finding of findings(place)) {
    if (place.signal.aborted) return;
    yield withoutSecrets(finding);
  }
}

async function* findings(place: DoctorPlace): AsyncGenerator<Finding> {
  // The slowest by far, and nobody waits for it but what comes last.
  const asked = askLoginShell(place);
  yield* checkRuntime(place);
  const health = yield* checkGateway(place);
  yield* checkHome(place, health !== null);
  const shell = await asked;
  yield* checkPath(place, shell);
  if (!health) return;
  try {
    const { sessions, accounts, pauses } = await place.client.call("snapshot", {});
    yield await checkHooks(place, sessions);
    yield* await checkAgents(place, shell);
    yield* limitFindings(pauses, accounts.length);
    yield* settingFindings((await place.client.call("limits", {})).settings);
  } catch (error) {
    yield problem("gateway", `stopped answering: ${messageOf(error)}`, "Restart it.", "restartGateway");
  }
}
