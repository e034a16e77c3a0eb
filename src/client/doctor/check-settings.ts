import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { agentNames, isAgentName } from "../../protocol/agents.ts";
import type { Settings } from "../../protocol/limits.ts";
import { type Finding, ok, warning } from "./finding.ts";

const NAME = "settings";

/** Settings that are valid each, and make no sense together or on this machine. */
export function settingFindings(settings: Settings, isFolder = (path: string) => existsSync(path)): Finding[] {
  const found = [...contradictions(settings), ...personaFindings(settings, isFolder)];
  return found.length > 0 ? found : [ok(NAME, "nothing contradicts")];
}

function contradictions({ block, resumeBy, ...settings }: Settings): Finding[] {
  const found: Finding[] = [];
  if (block === "off" && resumeBy === "tally") {
    found.push(
      contradiction(
        "tally.limits.block is off, while tally.limits.resumeBy is tally: what starts during a limit is stopped by it at once",
        "Set tally.limits.block to block, and launches wait for the reset too.",
      ),
    );
  }
  if (settings.maxTasksPerAccount > settings.maxTasks) {
    found.push(
      contradiction(
        `tally.tasks.maxAtOncePerAccount (${settings.maxTasksPerAccount}) is more than tally.tasks.maxAtOnce (${settings.maxTasks}), which counts`,
        "Make the first smaller, or the second larger.",
      ),
    );
  }
  const [from, to] = settings.quietHours?.split("-") ?? [];
  if (from !== undefined && from === to) {
    found.push(
      contradiction("tally.limits.quietHours begin and end at the same time, so there are none", "Change one of them."),
    );
  }
  const { worktreeAgent } = settings;
  if (worktreeAgent !== null && !isAgentName(worktreeAgent)) {
    found.push(
      contradiction(
        `tally.worktrees.agent names "${worktreeAgent}", which is no agent that Tally knows`,
        `Choose one of ${agentNames.join(", ")}, or leave it empty.`,
      ),
    );
  }
  return found;
}

function personaFindings({ personas }: Settings, isFolder: (path: string) => boolean): Finding[] {
  return personas
    .filter(({ configHome }) => configHome !== undefined && !isFolder(expanded(configHome)))
    .map(({ name, agent, configHome = "" }) =>
      contradiction(
        `the persona "${name}" has its config home in ${configHome}, which is not there`,
        `It is made when ${agent} is started with it, and then asks for a login. Correct it if it is misspelt.`,
      ),
    );
}

function contradiction(text: string, remedy: string): Finding {
  return warning(NAME, text, remedy, "openSettings");
}

function expanded(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}
