// What `tally` runs first: it must parse on any Node that may be first on PATH (Node 12 and later), so no `node:` imports.
import { spawnSync } from "child_process";
import { existsSync, readFileSync } from "fs";
import nodeModule from "module";
import { homedir } from "os";
import { join } from "path";

const OLDEST_NODE_MAJOR = 20;
const home = process.env["TALLY_HOME"] || join(homedir(), ".tally");

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE_MAJOR) runOnEditorRuntime();
else runHere();

function runHere(): void {
  const { enableCompileCache } = nodeModule as Partial<typeof nodeModule>;
  // It would create the folder, and with everybody's permissions.
  if (enableCompileCache && existsSync(home)) enableCompileCache(join(home, "cache"));
  nodeModule.createRequire(__filename)("./cli-main.cjs");
}

/** The editor left word of its own runtime, a recent Node, when it ran Tally first. */
function runOnEditorRuntime(): void {
  const execPath = recordedRuntime();
  if (execPath === null || execPath === process.execPath) {
    process.stderr.write(
      `tally: Node ${process.versions.node} is too old. Install Node ${OLDEST_NODE_MAJOR} or later, ` +
        "or open VS Code with Tally once: it lends its own.\n",
    );
    process.exit(1);
  }
  const env = Object.assign({}, process.env, { ELECTRON_RUN_AS_NODE: "1" });
  const { status, error } = spawnSync(execPath, process.argv.slice(1), { stdio: "inherit", env });
  if (error) process.stderr.write(`tally: ${execPath} cannot be run: ${error.message}\n`);
  process.exit(status === null ? 1 : status);
}

function recordedRuntime(): string | null {
  const file = join(home, "runtime.json");
  if (!existsSync(file)) return null;
  try {
    const { execPath } = JSON.parse(readFileSync(file, "utf8")) as { execPath?: unknown };
    return typeof execPath === "string" && existsSync(execPath) ? execPath : null;
  } catch {
    // Unreadable: there is none to use.
    return null;
  }
}
