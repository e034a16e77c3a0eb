import { diagnose } from "../../client/doctor/diagnose.ts";
import type { Finding, FindingLevel } from "../../client/doctor/finding.ts";
import { summaryOf } from "../../client/doctor/report.ts";
import { version } from "../../protocol/version.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { print, printJson } from "../screen/print.ts";
import { styleFor, type StyleName } from "../screen/style.ts";
import { printable } from "../screen/width.ts";
import { readArguments } from "../usage.ts";

const marks: Record<FindingLevel, { readonly sign: string; readonly colour: StyleName }> = {
  ok: { sign: "✓", colour: "green" },
  warning: { sign: "!", colour: "yellow" },
  problem: { sign: "✗", colour: "red" },
};

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { values } = readArguments(args, { json: { type: "boolean" } }, []);
  const style = styleFor(process.stdout, context.env);
  const { signal } = new AbortController();
  const found: Finding[] = [];
  for await (const finding of diagnose({ ...context, version, caller: "terminal", mayStart: true, signal })) {
    found.push(finding);
    if (values.json) continue;
    const { sign, colour } = marks[finding.level];
    const { name, text, remedy } = finding;
    print([
      `${style(colour, sign)} ${printable(`${name}: ${text}`)}`,
      ...(remedy === null ? [] : [`  ${printable(remedy)}`]),
    ]);
  }
  const count = (level: FindingLevel) => found.filter((finding) => finding.level === level).length;
  if (values.json) {
    const checks = found.map(({ name, level, text, remedy }) => ({ name, level, text, remedy }));
    printJson({ problems: count("problem"), warnings: count("warning"), checks });
  } else print(["", summaryOf(found)]);
  return count("problem") === 0 ? exitCodes.ok : exitCodes.failure;
}
