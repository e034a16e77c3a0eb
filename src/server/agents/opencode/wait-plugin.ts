import { pathToFileURL } from "node:url";
import * as z from "zod";
import { parseJsonc } from "../jsonc.ts";

/** `opencode run` says nothing while it waits for a provider. A wait that is longer than this ends the run instead. */
const LONGEST_WAIT_MS = 60_000;

/**
 * A plugin for opencode, which runs in its process: tells on standard output what `opencode run --format json` leaves out, one JSON object a
 * line, and ends a turn that would wait for long. Its lines are written as things happen; those of opencode itself lag behind.
 */
export const waitPlugin = `export const Tally = async ({ client }) => {
  const subAgents = new Set();
  const tell = (type, rest) => process.stdout.write(JSON.stringify({ type, timestamp: Date.now(), ...rest }) + "\\n");
  return {
    event: async ({ event: { type, properties } }) => {
      if (type === "session.created" && properties.info.parentID) subAgents.add(properties.info.id);
      if (type === "message.updated") {
        const { info } = properties;
        if (info.role === "assistant" && info.time.completed) tell("tally.answer", { info });
      }
      if (type === "session.status" && properties.status.type === "retry") {
        const { sessionID, status } = properties;
        const isLong = status.next - Date.now() > ${LONGEST_WAIT_MS};
        tell("tally.retry", { sessionID, status, isLong, isSubAgents: subAgents.has(sessionID) });
        if (isLong) await client.session.abort({ path: { id: sessionID } });
      }
    },
  };
};
`;

const configSchema = z.looseObject({ plugin: z.array(z.unknown()).optional() });

/**
 * The variable that gives a launch this plugin besides all others, which opencode puts together.
 * @param file where the plugin is. @returns nothing where the variable holds something that cannot be read.
 */
export function withPlugin(env: Readonly<Record<string, string>>, file: string): Record<string, string> {
  const theirs = configSchema.safeParse(parseJsonc(env[CONFIG_VARIABLE] || "{}")).data;
  if (!theirs) return {};
  const plugin = [...(theirs.plugin ?? []), pathToFileURL(file).href];
  return { [CONFIG_VARIABLE]: JSON.stringify({ ...theirs, plugin }) };
}

const CONFIG_VARIABLE = "OPENCODE_CONFIG_CONTENT";
