import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const folder = join(import.meta.dirname, "..", "fixtures", "terminal-streams");
const recordingSchema = z.object({ program: z.string(), story: z.string(), output: z.string() });

/** What real programs wrote to their terminals, by name. */
export const recordedStreams: ReadonlyMap<string, Buffer> = new Map(
  readdirSync(folder).map((file) => {
    const { output } = recordingSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
    return [file.replace(".json", ""), Buffer.from(output)] as const;
  }),
);
