import { isHolding, type Pause } from "../../protocol/limits.ts";
import { type Finding, ok, warning } from "./finding.ts";

/** Pauses that hold launches now: why something does not start. */
export function limitFindings(pauses: readonly Pause[], accounts: number): Finding[] {
  const holding = pauses.filter(isHolding);
  const known = accounts === 1 ? "1 account known" : `${accounts} accounts known`;
  if (holding.length === 0) return [ok("limits", `nothing is paused; ${known}`)];
  return holding.map((pause) => {
    const what = pause.model === null ? pause.label : `${pause.label}, model ${pause.model}`;
    const remedy = "Launches on it wait until then, or until you lift the pause.";
    return warning("limits", `${what} is paused, ${untilWords(pause)}`, remedy, "showLimits");
  });
}

function untilWords({ until, kind }: Pause): string {
  if (until !== null)
    return `until ${new Date(until).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}`;
  return kind === "manual" ? "until it is lifted" : "nobody knows until when";
}
