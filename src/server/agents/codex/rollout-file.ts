import { readdirSync } from "node:fs";
import { join } from "node:path";
import { noUsage } from "../../../protocol/usage.ts";
import { parseJson } from "../../../protocol/json.ts";
import { readText } from "../../read-text.ts";
import type { HeadlessReading } from "../headless.ts";
import type { LimitReport } from "../reading.ts";
import { codexHome } from "./config.ts";
import { rolloutReader } from "./rollout.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

/** What the rollout tells of a conversation's last turn, which `codex exec` does not print. */
export interface LastTurn {
  /** Its model, its own tokens, and what is left of the allowance. */
  readonly readings: readonly HeadlessReading[];
  /** That stopped it, with the time that it resets to the second. */
  readonly limit: LimitReport | null;
}

/** Null where the conversation has no rollout. */
export function readLastTurn(
  conversationId: string,
  env: Readonly<Record<string, string>>,
  timeZone: string,
): LastTurn | null {
  const path = rolloutPath(conversationId, env);
  const text = path === null ? null : readText(path);
  return text === null ? null : lastTurn(text, timeZone);
}

/** Rollouts lie in a folder of the day, by the machine's clock, on which the conversation began; its id tells the moment. */
function rolloutPath(conversationId: string, env: Readonly<Record<string, string>>): string | null {
  const beganAt = Number.parseInt(conversationId.replaceAll("-", "").slice(0, 12), 16);
  if (!Number.isFinite(beganAt)) return null;
  const folders = [0, -DAY_MS, DAY_MS].map((away) => join(codexHome(env), "sessions", ...dayOf(beganAt + away)));
  for (const folder of folders) {
    const name = namesIn(folder).find((each) => each.endsWith(`-${conversationId}.jsonl`));
    if (name !== undefined) return join(folder, name);
  }
  return null;
}

function dayOf(at: number): string[] {
  const date = new Date(at);
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.map((part) => String(part).padStart(2, "0"));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No conversation began on that day.
    return [];
  }
}

export function lastTurn(rollout: string, timeZone: string): LastTurn {
  const read = rolloutReader(0, timeZone);
  /** The last of each kind counts. */
  const readings = new Map<string, HeadlessReading>();
  let limit: LimitReport | null = null;
  for (const line of sinceLastTurn(rollout).split("\n")) {
    for (const reading of read(parseJson(line))) {
      switch (reading.type) {
        case "model":
          readings.set("model", { type: "model", model: reading.model });
          break;
        case "prompt-usage":
          readings.set("usage", { type: "usage", usage: { ...noUsage, ...reading.usage } });
          break;
        case "quota":
          readings.set("quota", { type: "quota", windows: reading.windows });
          break;
        case "limit":
          ({ limit } = reading);
          break;
        default: // How a turn goes, the run tells itself.
      }
    }
  }
  return { readings: [...readings.values()], limit };
}

/** A rollout may be long, and what is before counts for nothing. Inside of texts, quotes are escaped. */
function sinceLastTurn(rollout: string): string {
  const at = Math.max(rollout.lastIndexOf('"type":"task_started"'), rollout.lastIndexOf('"type":"turn_started"'));
  return at === -1 ? rollout : rollout.slice(rollout.lastIndexOf("\n", at) + 1);
}
