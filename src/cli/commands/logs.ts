import { TallyError } from "../../protocol/errors.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { printJson } from "../screen/print.ts";
import { readArguments } from "../usage.ts";
import { resolveSession } from "../resolve-session.ts";

export async function run(args: readonly string[], { client }: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, { ansi: { type: "boolean" }, json: { type: "boolean" } }, ["id"]);
  const { id, mode } = await resolveSession(client, operands[0]);
  if (mode === "external") {
    throw new TallyError(
      "not-attachable",
      `Session ${id} runs in a terminal of its own, outside Tally: what it shows is known there only.`,
    );
  }
  const output = await client.call("sessionOutput", { id, query: { format: values.ansi ? "ansi" : "text" } });
  if (values.json) printJson(output);
  else process.stdout.write(output.data === "" || output.data.endsWith("\n") ? output.data : `${output.data}\n`);
  return exitCodes.ok;
}
