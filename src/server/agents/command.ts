import { basename } from "node:path";
import { COMMAND_AGENT } from "../../protocol/agents.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { AgentAdapter } from "./adapter.ts";
import type { TimedReading } from "./reading.ts";

const MAX_TITLE = 80;

/** Any program: `args[0]` with the rest as its arguments. */
export const command: AgentAdapter = {
  name: COMMAND_AGENT,
  label: "Command",
  program: null,
  installHint: null,
  plan: ({ args: [program, ...args], find }) => {
    if (!program) throw new TallyError("invalid-request", "Agent `command` needs the program to run as args[0].");
    return {
      file: find(program),
      args,
      env: {},
      version: null,
      conversationId: null,
      files: {},
      continuesItself: false,
      expects: [],
      whereabouts: {},
    };
  },
  title: ([program = "", ...args]) => [basename(program), ...args].join(" ").slice(0, MAX_TITLE),
  account: () => ({
    configHome: null,
    endpoint: null,
    credential: null,
    isDefault: true,
    model: null,
    usesModel: true,
  }),
  configHomeVariable: null,
  keptVariables: [],
  resume: () => null,
  typing: null,
  reads: {
    shellPrompt: ({ state }) =>
      state === "prompt"
        ? [activity("idle", "The shell waits for a command.", "shell prompt")]
        : [activity("working", "The shell runs a command.", "shell command")],
    // An error or a pause of the progress, or its end, says nothing of whether the program goes on.
    progress: (state) =>
      state === "normal" || state === "indeterminate"
        ? [activity("working", "It shows progress.", `progress: ${state}`)]
        : [],
  },
};

function activity(activity: "idle" | "working", text: string, signal: string): TimedReading {
  return { type: "activity", activity, text, signal };
}
