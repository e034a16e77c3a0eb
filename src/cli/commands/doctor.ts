import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { print, printJson } from "../screen/print.ts";
import { styleFor } from "../screen/style.ts";
import { readArguments } from "../usage.ts";
import { type Finding, findings } from "./doctor-checks.ts";

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { values } = readArguments(args, { json: { type: "boolean" } }, []);
  const found: Finding[] = [];
  const style = styleFor(process.stdout, context.env);
  for await (const finding of findings(context)) {
    found.push(finding);
    if (values.json) continue;
    const mark = finding.ok ? style("green", "✓") : style("red", "✗");
    print([`${mark} ${finding.name}: ${finding.text}`, ...(finding.remedy === null ? [] : [`  ${finding.remedy}`])]);
  }
  if (values.json) printJson({ checks: found });
  return found.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.failure;
}
