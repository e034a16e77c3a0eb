import type { AgentAdapter, WatchedFile, Whereabouts } from "./adapter.ts";
import { account } from "./claude/account.ts";
import { readHook } from "./claude/hooks.ts";
import { headless } from "./claude/headless.ts";
import { plan } from "./claude/launch.ts";
import { checkouts } from "./claude/permissions.ts";
import { stateFilePath, transcriptPath } from "./claude/places.ts";
import { accountVariables } from "./claude/providers.ts";
import { answerOutput } from "./claude/requests.ts";
import { promptArguments, resumeArguments } from "./claude/resume.ts";
import { stateFileReader } from "./claude/state-file.ts";
import { readScreen, readStatus } from "./claude/terminal.ts";
import { transcriptReader } from "./claude/transcript.ts";

export const claude: AgentAdapter = {
  name: "claude",
  label: "Claude Code",
  program: "claude",
  installHint: "npm install -g @anthropic-ai/claude-code",
  plan,
  title: () => "Claude Code",
  account,
  configHomeVariable: "CLAUDE_CONFIG_DIR",
  keptVariables: accountVariables,
  resume: resumeArguments,
  firstPrompt: promptArguments,
  typing: { submitAfterMs: 0 },
  reads: {
    hook: readHook,
    files: watchedFiles,
    programStatus: readStatus,
    screen: readScreen,
  },
  headless,
  answers: { via: "hook", output: answerOutput },
  checkouts,
};

function watchedFiles(whereabouts: Whereabouts): WatchedFile[] {
  const stateFile = stateFilePath(whereabouts);
  const transcript = transcriptPath(whereabouts);
  const files: WatchedFile[] = [];
  if (stateFile !== null) {
    files.push({ source: "state-file", path: stateFile, format: "json", reader: () => stateFileReader(whereabouts) });
  }
  if (transcript !== null) {
    files.push({ source: "transcript", path: transcript, format: "jsonl", reader: () => transcriptReader() });
  }
  return files;
}
