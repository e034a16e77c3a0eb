import { mkdtempSync, realpathSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tallyHome, type TallyHome } from "../../src/protocol/home.ts";
import { endDaemons } from "./processes.ts";

/** A folder for one run, with a `$TALLY_HOME` in it, so that trying Tally touches nothing of the user's. */
export interface Throwaway {
  readonly root: string;
  readonly tallyHome: string;
  /** Ends the gateway and the pty hosts of this home, and removes the folder. */
  remove: () => Promise<void>;
}

export function makeThrowaway(): Throwaway {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "tally-try-")));
  const home = join(root, "tally-home");
  return { root, tallyHome: home, remove: () => discard(root, tallyHome({ ...process.env, TALLY_HOME: home })) };
}

async function discard(root: string, home: TallyHome): Promise<void> {
  await endDaemons(home);
  await rm(home.sockets, { recursive: true, force: true });
  // A process that was just killed may still hold a file on Windows.
  await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
