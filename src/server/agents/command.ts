import { basename } from "node:path";
import { COMMAND_AGENT } from "../../protocol/agents.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { AgentAdapter } from "./adapter.ts";

const MAX_TITLE = 80;

/** Any program: `args[0]` with the rest as its arguments. */
export const command: AgentAdapter = {
  name: COMMAND_AGENT,
  label: "Command",
  program: null,
  installHint: null,
  plan: ({ args: [program, ...args], find }) => {
    if (!program) throw new TallyError("invalid-request", "Agent `command` needs the program to run as args[0].");
    return { file: find(program), args, env: {} };
  },
  title: ([program = "", ...args]) => [basename(program), ...args].join(" ").slice(0, MAX_TITLE),
};
