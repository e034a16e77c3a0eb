import type { CommandEntry } from "./command-entry.ts";

/** Usage limits, and the pauses that they make. */
export const limitCommands = {
  limits: {
    group: "limits",
    usage: "limits [--history] [--json]",
    summary: "What is used of each account's allowance, and what is paused",
    details: [
      "Usage is what the agents themselves told last; a forecast needs some of it. --history lists earlier pauses.",
      "What looks like a limit and holds nothing can be dismissed with: tally unpause <pause id>",
    ],
    load: () => import("../commands/limits.ts"),
  },
  pause: {
    group: "limits",
    usage: "pause [agent|persona] [--for 2h|--until 3pm] [--reason TEXT] [--json]",
    summary: "Start nothing new on an account for a while",
    details: [
      "The account is the one that the agent has here, with this environment. Without a name it is the only one that is known.",
      "--for 2h       30m, 2h, 3d",
      "--until 3pm    3pm, 15:30, tomorrow 9am, 2026-11-24T07:56; without either it lasts until it is lifted",
      "--reason TEXT  shown to everybody who is held",
      "What runs already goes on. An account that you have paused already is paused anew: there is one such pause an account.",
    ],
    load: () => import("../commands/pause.ts"),
  },
  unpause: {
    group: "limits",
    usage: "unpause [agent|persona|pause id] [--all] [--json]",
    summary: "Lift a pause; what it held goes on at once",
    details: ["Without a name it lifts the only pause that there is; --all lifts every one."],
    load: () => import("../commands/unpause.ts"),
  },
} as const satisfies Record<string, CommandEntry>;
