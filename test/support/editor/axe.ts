import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Frame } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * What axe-core finds serious or critical in a page: `rule: what it says (where)`.
 * @param background the theme's colour that the editor draws behind the page, which axe does not see from inside
 */
export async function seriousFaults(frame: Frame, background: string): Promise<string[]> {
  await frame.evaluate(source);
  const { violations } = await frame.evaluate<AxeResults>(`
    document.documentElement.style.background = "var(--vscode-${background})";
    axe.run(document, { resultTypes: ["violations"] })
  `);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${failureSummary ?? ""} (${target.join(" ")})`),
    );
}
