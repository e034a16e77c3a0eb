import { access, constants, stat, statfs } from "node:fs/promises";
import { type Finding, ok, problem, warning } from "./finding.ts";
import { messageOf } from "../../protocol/message-of.ts";
import type { DoctorPlace } from "./place.ts";

const MB = 1024 * 1024;
/** Below this the store and the logs may soon fail to be written. */
const LITTLE_SPACE_MB = 100;
/** A snapshot of a worktree, or a new one, may need as much. */
const ENOUGH_SPACE_MB = 1_000;

/** `$TALLY_HOME`: that it is its owner's alone, can be written to, and has space. */
export async function* checkHome({ home, env }: DoctorPlace, isGatewayThere: boolean): AsyncGenerator<Finding> {
  yield (await checkMode("TALLY_HOME", home.root, "700")) ?? missing("TALLY_HOME", home.root, isGatewayThere);
  if (env["TALLY_TOKEN"]) yield ok("token", "from TALLY_TOKEN");
  else yield (await checkMode("token", home.tokenFile, "600")) ?? missing("token", home.tokenFile, isGatewayThere);
  yield await checkSpace(home.root);
}

/** Before the first gateway there is nothing. */
function missing(name: string, path: string, isGatewayThere: boolean): Finding {
  if (!isGatewayThere) return ok(name, `${path} is made when the gateway first starts`);
  return problem(name, `${path} is missing`, "It is made when the gateway starts. Restart it.", "restartGateway");
}

/** Others than its owner must have no access. Null where there is nothing. */
async function checkMode(name: string, path: string, mode: string): Promise<Finding | null> {
  const found = await stat(path).catch(() => null);
  if (!found) return null;
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch {
    return problem(name, `you cannot write to ${path}`, "Make it yours again: it may have been made by another user.");
  }
  if (process.platform !== "win32" && (found.mode & 0o077) !== 0) {
    return problem(name, `others can read ${path}`, `Close it: chmod ${mode} ${path}`);
  }
  return ok(name, `${path} is yours alone`);
}

async function checkSpace(folder: string): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return spaceFinding(folder, bavail * bsize);
  } catch (error) {
    return warning(
      "disk space",
      `nobody knows how much is free: ${messageOf(error)}`,
      "Look whether the disk is full.",
    );
  }
}

export function spaceFinding(folder: string, freeBytes: number): Finding {
  const freeMb = Math.floor(freeBytes / MB);
  const free = freeMb >= ENOUGH_SPACE_MB ? `${Math.round(freeMb / 1024)} GB free` : `only ${freeMb} MB free`;
  const remedy = "Free some: what cannot be written is lost, and a new worktree or a snapshot needs space too.";
  if (freeMb < LITTLE_SPACE_MB) return problem("disk space", `${free} where ${folder} is`, remedy);
  if (freeMb < ENOUGH_SPACE_MB) return warning("disk space", `${free} where ${folder} is`, remedy);
  return ok("disk space", free);
}
