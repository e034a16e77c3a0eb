import { DEMO_AGENT } from "../../protocol/agents.ts";
import type { AgentInfo } from "../../protocol/routes.ts";
import { again } from "./check-path.ts";
import { agentEnvironment, pathOf } from "../environment.ts";
import { type Finding, ok, warning } from "./finding.ts";
import type { LoginShell } from "./login-shell.ts";
import type { DoctorPlace } from "./place.ts";
import { type BriefRun, runBriefly } from "./run-briefly.ts";

/** Some are slow to start, for the first time above all. */
const VERSION_TIMEOUT_MS = 15_000;

/** Which agents there are, where, and of which version. They are asked for nothing else. */
export async function checkAgents(place: DoctorPlace, shell: LoginShell | null): Promise<Finding[]> {
  const agents = await detect(place, pathOf(place.env));
  const inShell = shell?.path == null ? [] : await detect(place, shell.path);
  const findings = await Promise.all(
    agents.map(async (agent) => {
      const elsewhere = inShell.find(({ name }) => name === agent.name)?.path ?? null;
      return agent.path === null ? missing(place.caller, agent, elsewhere) : versionOf(place, agent.label, agent.path);
    }),
  );
  const isAny = [...agents, ...inShell].some(({ path }) => path !== null);
  return isAny ? findings : [noAgent, ...findings];
}

const noAgent = warning(
  "agents",
  "none is installed",
  "Install one of those below, then come back. Meanwhile the demo agent shows what Tally does, and any command can be run.",
);

async function detect({ client }: DoctorPlace, path: string): Promise<AgentInfo[]> {
  const { agents } = await client.call("detectAgents", { body: { path } });
  return agents.filter(({ name }) => name !== DEMO_AGENT);
}

/** One that is not installed is no fault. One that only the person's shell finds is: it would not start from here. */
export function missing(
  caller: DoctorPlace["caller"],
  { label, installHint }: Pick<AgentInfo, "label" | "installHint">,
  inShell: string | null,
): Finding {
  if (inShell === null)
    return ok(label, "not installed", installHint === null ? null : `To install it: ${installHint}`);
  const place = caller === "editor" ? "the editor's PATH" : "the PATH here";
  return warning(
    label,
    `${inShell} is found by a login shell, but not on ${place}`,
    `To start it here, ${again(caller)}`,
  );
}

async function versionOf({ env, signal }: DoctorPlace, label: string, file: string): Promise<Finding> {
  const options = { env: agentEnvironment(env), timeoutMs: VERSION_TIMEOUT_MS, signal };
  return versionFinding(label, file, await runBriefly(file, ["--version"], options));
}

export function versionFinding(label: string, file: string, { stdout, stderr, failure }: BriefRun): Finding {
  const version = /\d+\.\d+(?:\.\d+)?(?:-[0-9A-Za-z.-]+)?/.exec(stdout)?.[0];
  if (failure === null) return ok(label, `${version ?? "version unknown"}, ${file}`);
  const why = stderr.trim().split("\n")[0]?.slice(0, 200) || failure;
  return warning(label, `${file} does not tell its version: ${why}`, `Try it in a terminal: ${file} --version`);
}
