import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { GatewayFile, TallyHome } from "../protocol/home.ts";

/** Creates `$TALLY_HOME` for its owner alone. One that was there already keeps its mode: it may be any folder. */
export function prepareHome(home: TallyHome): void {
  mkdirSync(home.root, { recursive: true, mode: 0o700 });
  for (const folder of [home.logs, home.ptyHosts, home.spool, home.launches]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
}

/** The token all clients must know: `given` (TALLY_TOKEN) if there is one, else the one in the file, else a new random one. */
export function settleToken(home: TallyHome, given: string | undefined): string {
  const token = given || readToken(home) || randomBytes(32).toString("hex");
  writeAtomically(home.tokenFile, `${token}\n`);
  return token;
}

function readToken(home: TallyHome): string {
  try {
    return readFileSync(home.tokenFile, "utf8").trim();
  } catch {
    // The first start: there is none yet.
    return "";
  }
}

/** Tells clients where the gateway is. Call it only once it listens. */
export function writeGatewayFile(home: TallyHome, file: GatewayFile): void {
  writeAtomically(home.gatewayPidFile, `${file.pid}\n`);
  writeAtomically(home.gatewayFile, `${JSON.stringify(file, null, 2)}\n`);
}

export function removeGatewayFile(home: TallyHome): void {
  for (const file of [home.gatewayFile, home.gatewayPidFile]) rmSync(file, { force: true });
}

/** A reader sees the old content or the new, and nobody but the owner sees any. */
function writeAtomically(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, path);
}
