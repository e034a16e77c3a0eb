/** The editor's own colours for charts, and the one of what matters less. */
export type ChartColour = "blue" | "green" | "orange" | "purple" | "yellow" | "red" | "foreground" | "muted";

/** An agent keeps its colour, whichever others are shown beside it. */
const agentsOwn: Readonly<Record<string, ChartColour>> = {
  claude: "blue",
  codex: "green",
  gemini: "purple",
  opencode: "yellow",
};

/** Where all of the agents' own are taken. Some themes have an orange that is hardly seen, and a foreground looks like no colour. */
const forOthers: readonly ChartColour[] = ["red", "orange", "foreground"];

/** Agents beyond these are drawn as one. */
export const MAX_AGENTS = Object.keys(agentsOwn).length + forOthers.length;

/** The colour of each agent, of `MAX_AGENTS` at the most. */
export function agentColours(agents: readonly string[]): ReadonlyMap<string, ChartColour> {
  const others = agents.filter((agent) => !(agent in agentsOwn)).sort();
  const free = [
    ...Object.entries(agentsOwn).flatMap(([agent, own]) => (agents.includes(agent) ? [] : [own])),
    ...forOthers,
  ];
  return new Map(agents.map((agent) => [agent, agentsOwn[agent] ?? free[others.indexOf(agent)] ?? "muted"]));
}
