import type { OfferedPersona } from "../../protocol/limit-routes.ts";
import { agentLines } from "./request-text.ts";
import { commandLine } from "./shell-words.ts";
import type { Surface } from "./surface.ts";

/** All that a persona of a repository wants: what a person must have seen before they approve it. */
export function formatPersona(persona: OfferedPersona, { style, width }: Pick<Surface, "style" | "width">): string[] {
  const { name, agent, args, env, configHome } = persona;
  const lines = [
    `agent        ${agent}`,
    ...args.map((arg) => `argument     ${commandLine([arg])}`),
    ...Object.entries(env).map(([variable, value]) => `environment  ${variable}=${commandLine([value])}`),
    ...(configHome === undefined ? [] : [`config home  ${configHome}`]),
  ];
  return [
    style("bold", `This repository's tally.json defines persona ${name}, which wants to run:`),
    ...lines.flatMap((line) => agentLines(line, width)),
  ];
}
