import type { Finding, FindingLevel, Fix } from "./finding.ts";
import { withoutSecrets } from "./without-secrets.ts";

export interface Report {
  readonly text: string;
  /** On which lines, from 0, there is something that a command can do. */
  readonly fixes: readonly { readonly line: number; readonly fix: Fix }[];
}

const headings: Record<FindingLevel, string> = { problem: "Problems", warning: "Warnings", ok: "In order" };
const order = ["problem", "warning", "ok"] as const satisfies readonly FindingLevel[];

/** All in one sentence: `1 problem and 2 warnings; 14 checks are in order.` */
export function summaryOf(findings: readonly Finding[]): string {
  const count = (level: FindingLevel) => findings.filter((finding) => finding.level === level).length;
  const wrong = [counted(count("problem"), "problem"), counted(count("warning"), "warning")].filter(Boolean);
  const good = count("ok") === 1 ? "1 check is" : `${count("ok")} checks are`;
  return wrong.length === 0 ? `All is well: ${good} in order.` : `${wrong.join(" and ")}; ${good} in order.`;
}

/**
 * The report as a document in Markdown, what is wrong first, and no secret in it, whoever found what it says.
 * @param about what was looked at: versions, the system.
 */
export function reportOf(findings: readonly Finding[], about: string): Report {
  const lines = ["# Tally Doctor", "", summaryOf(findings), "", about];
  const fixes: { line: number; fix: Fix }[] = [];
  for (const level of order) {
    const these = findings.filter((finding) => finding.level === level).map(withoutSecrets);
    if (these.length > 0) lines.push("", `## ${headings[level]}`, "");
    for (const { name, text, remedy, fix } of these) {
      if (fix !== null) fixes.push({ line: lines.length, fix });
      lines.push(`- ${name}: ${text}`);
      if (remedy !== null) lines.push(`  ${remedy}`);
    }
  }
  return { text: `${lines.join("\n")}\n`, fixes };
}

function counted(number: number, what: string): string {
  if (number === 0) return "";
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
