import type { Session } from "../../protocol/entities.ts";
import type { Why } from "../../protocol/routes.ts";
import { formatAge } from "./age.ts";
import { formatFacts, stateFact } from "./session-facts.ts";
import type { Surface } from "./surface.ts";
import { type Cell, formatTable } from "./table.ts";

/** Why a session is in its state, and what each source last said. */
export function formatWhy({ stateSince }: Pick<Session, "stateSince">, why: Why, surface: Surface): string[] {
  const { reason, testimonies } = why;
  const ago = (at: number) => `${formatAge(surface.nowMs - at)} ago`;
  const facts = formatFacts(
    [
      stateFact({ ...why, stateSince }, surface.nowMs),
      { name: "why", value: reason.text },
      { name: "source", value: reason.source },
      { name: "signal", value: reason.signal },
      { name: "said", value: ago(reason.at) },
      { name: "caveat", value: reason.caveat, style: "yellow" },
    ],
    surface,
  );
  if (testimonies.length === 0) return [...facts, "", "No source has said anything of it."];
  const rows = testimonies.map(({ decides, source, signal, at, text }): Cell[] => [
    { text: decides ? "→" : "", style: "green" },
    { text: source },
    { text: ago(at) },
    { text: signal },
    { text },
  ]);
  const header = ["", "SOURCE", "SAID", "SIGNAL", "TEXT"].map((text): Cell => ({ text, style: "dim" }));
  return [...facts, "", ...formatTable([header, ...rows], { style: surface.style, width: surface.width })];
}
