import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { RouteResult } from "../../../protocol/routes.ts";
import { TALLY_JSON } from "../../../protocol/tally-json.ts";
import { repositoryFacts } from "./facts.ts";
import { tallyJsonText } from "./tally-json-text.ts";

/** A `tally.json` for the repository whose main checkout is `folder`. Nothing is written. */
export async function proposeTallyJson(folder: string): Promise<RouteResult<"proposeTallyJson">> {
  const path = join(folder, TALLY_JSON);
  return { path, exists: existsSync(path), ...tallyJsonText(await repositoryFacts(folder, basename(folder))) };
}
