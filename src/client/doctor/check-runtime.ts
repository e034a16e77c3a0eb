import { join } from "node:path";
import { detachedEnvironment } from "../environment.ts";
import { findRuntime, type Runtime } from "../runtime.ts";
import { type Finding, ok, problem } from "./finding.ts";
import { messageOf } from "../../protocol/message-of.ts";
import type { DoctorPlace } from "./place.ts";
import { runBriefly } from "./run-briefly.ts";

const TIMEOUT_MS = 15_000;

/** What the gateway runs on, and whether that loads what it needs. */
export async function* checkRuntime(place: DoctorPlace): AsyncGenerator<Finding> {
  const name = "runtime";
  let runtime: Runtime;
  try {
    runtime = await findRuntime(place.home, place.folder);
  } catch (error) {
    yield problem(name, messageOf(error), "Open VS Code with Tally once, or install Node 22.13 or later.");
    return;
  }
  const sqlite = await load(place, runtime, "node:sqlite");
  yield sqlite.failure === null
    ? ok(name, `${runtime.execPath}, Node ${sqlite.stdout.trim()}, has node:sqlite`)
    : problem(name, `${runtime.execPath} cannot load node:sqlite`, "Update VS Code, or install Node 22.13 or later.");
  const pty = await load(place, runtime, join(runtime.folder, "node_modules", "node-pty"));
  yield pty.failure === null
    ? ok("terminals", "node-pty loads")
    : problem(
        "terminals",
        `node-pty does not load: ${reasonOf(pty.stderr) ?? pty.failure}`,
        "Sessions need it for their terminals. Install Tally for this platform; Alpine and other musl systems have no build of it.",
      );
}

/** Loads the module in the runtime itself, which prints its version. */
function load({ env, signal }: DoctorPlace, { execPath }: Runtime, module: string) {
  const script = "require(process.argv[1]); console.log(process.versions.node)";
  const options = { env: { ...detachedEnvironment(env), ELECTRON_RUN_AS_NODE: "1" }, timeoutMs: TIMEOUT_MS, signal };
  return runBriefly(execPath, ["-e", script, module], options);
}

/** Node prints where it was thrown first, and what was thrown after that. */
function reasonOf(stderr: string): string | null {
  return /^\w*Error\b.*$/m.exec(stderr)?.[0] ?? null;
}
