import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { printJson } from "../screen/print.ts";
import { printable } from "../screen/width.ts";
import type { ProcessOrder } from "./process.ts";

/** What is on their terminals; of several, each under its name. */
export async function printLogs({ processes, values, isNamed }: ProcessOrder, { client }: CliContext): Promise<number> {
  const format = values.ansi ? "ansi" : "text";
  const outputs = await Promise.all(
    processes.map(async ({ id, name }) => ({
      name,
      ...(await client.call("processOutput", { id, query: { format } })),
    })),
  );
  if (values.json) {
    printJson(isNamed ? outputs[0] : outputs);
    return exitCodes.ok;
  }
  const blocks = outputs.map(({ name, data }) => {
    const text = data === "" || data.endsWith("\n") ? data : `${data}\n`;
    return outputs.length === 1 ? text : `==> ${printable(name)} <==\n${text}`;
  });
  process.stdout.write(blocks.join("\n"));
  return exitCodes.ok;
}
