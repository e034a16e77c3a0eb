import type { WorkAtRisk } from "../../protocol/worktrees.ts";
import { agentLines } from "../screen/request-text.ts";
import type { Surface } from "../screen/surface.ts";
import { countWords } from "./worktree-words.ts";

/** Of each kind so much is shown; more would push what can be done about it off the screen. */
const SHOWN = 8;

/** What exists nowhere else, kind by kind. */
export function formatRisk(risk: WorkAtRisk, { style, width }: Pick<Surface, "style" | "width">): string[] {
  const block = (heading: string, items: readonly string[]) =>
    items.length === 0
      ? []
      : [
          style("bold", heading),
          ...bounded(items)
            .flatMap((item) => agentLines(item, width))
            .map((line) => `  ${line}`),
        ];
  const { uncommitted, untracked, unpushed, inside, underWay } = risk;
  return [
    ...(underWay === null ? [] : [style("bold", `In the middle of ${underWay}`)]),
    ...block(`Not committed: ${countWords(uncommitted.length, "file")}`, uncommitted),
    ...block(`Not tracked: ${countWords(untracked.length, "file")}`, untracked),
    ...block(`On no remote and no other branch: ${countWords(unpushed.length, "commit")}`, unpushed),
    ...block(`In repositories inside, and nowhere else: ${countWords(inside.length, "commit")}`, inside),
  ];
}

/** The first few, and how many more there are. One more is shown itself: it takes the same line. */
function bounded(items: readonly string[]): string[] {
  if (items.length <= SHOWN + 1) return [...items];
  return [...items.slice(0, SHOWN), `and ${(items.length - SHOWN).toLocaleString("en")} more`];
}
