import { existsSync } from "node:fs";
import { join } from "node:path";
import { TALLY_JSON } from "../../../protocol/tally-json.ts";
import type { TallyJsonProposal } from "./proposal.ts";

/** A `tally.json` for the repository whose main checkout is `folder`. */
export async function proposeTallyJson(folder: string): Promise<TallyJsonProposal> {
  const path = join(folder, TALLY_JSON);
  return Promise.resolve({ path, exists: existsSync(path), text: "{}\n", found: [] });
}
