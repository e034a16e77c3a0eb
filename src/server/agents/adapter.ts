import type { LaunchPlan } from "../../protocol/routes.ts";

export interface LaunchRequest {
  /** The arguments as the person gave them. */
  readonly args: readonly string[];
  /** Finds a program as the caller's shell would. @throws {TallyError} `program-missing`, `program-not-executable` */
  readonly find: (program: string) => string;
}

/** All that Tally knows of one kind of agent. Nothing outside its adapter knows an agent's name. */
export interface AgentAdapter {
  readonly name: string;
  readonly label: string;
  /** How to get it, for a person who does not have it. Null when it is always there. */
  readonly installHint: string | null;
  /** The program to look for on PATH to tell whether the agent is installed. Null when it is always there. */
  readonly program: string | null;
  plan(request: LaunchRequest): LaunchPlan;
  /** A session's title when the person gave none. */
  title(args: readonly string[]): string;
}
