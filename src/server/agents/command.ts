import { basename } from "node:path";
import { COMMAND_AGENT } from "../../protocol/agents.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { AgentAdapter } from "./adapter.ts";
import { hereAndNow } from "./here-and-now.ts";
import { readAnyLimit } from "./limit-words/any.ts";
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
  account: ({ args: [program = ""] }) => ({
    configHome: null,
    // Whatever it is that it asks, the program is all that is known of it.
    endpoint: basename(program),
    credential: null,
    isDefault: false,
    model: null,
    usesModel: true,
  }),
  configHomeVariable: null,
  keptVariables: [],
  resume: () => null,
  firstPrompt: () => null,
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
    screen: readScreen,
  },
};

/** A message that is wrapped takes few lines. */
const MAX_LINES = 5;

/** A limit of an agent that we know, when it is the last thing that the program has shown. It may be a quotation all the same. */
function readScreen(rows: string): readonly TimedReading[] {
  const lines = rows.trimEnd().split("\n").slice(-MAX_LINES);
  for (let count = 1; count <= lines.length; count++) {
    const text = lines.slice(-count).join("\n");
    const limit = readAnyLimit(text, hereAndNow());
    if (limit) {
      const signal = "screen: words of a usage limit";
      return [activity("limited", limit.text, signal), { type: "limit", limit: { ...limit, isGuess: true }, signal }];
    }
  }
  return [];
}

function activity(activity: "idle" | "working" | "limited", text: string, signal: string): TimedReading {
  return { type: "activity", activity, text, signal };
}
