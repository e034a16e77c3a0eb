import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { binFolder, pinnedAgents } from "../../scripts/agents/pinned.ts";

export type ClaudeVersion = (typeof pinnedAgents)[number]["version"];
export const claudeVersions = pinnedAgents.map(({ version }) => version);

/** A person who has used Claude Code before, and whose model API is the one on loopback. */
export interface ClaudeHome extends AsyncDisposable {
  /** The whole environment: built from nothing, so nothing of the developer's gets in. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder that Claude Code trusts. */
  readonly cwd: string;
  /** The program itself. */
  readonly claude: string;
}

/** @param parent where the home is made: for an agent that outlives its test's body, a folder that is removed after the agent has ended. */
export async function claudeHome(version: ClaudeVersion, apiUrl: string, parent = tmpdir()): Promise<ClaudeHome> {
  const home = await realpath(await mkdtemp(join(parent, "claude-home-")));
  const cwd = join(home, "work");
  const apiKey = `sk-ant-loopback-${randomBytes(20).toString("hex")}`;
  await mkdir(cwd);
  await mkdir(join(home, "tmp"));
  await writeFile(
    join(home, ".claude.json"),
    // Without this it opens with questions about the theme, the key and the folder.
    JSON.stringify({
      hasCompletedOnboarding: true,
      customApiKeyResponses: { approved: [apiKey.slice(-20)], rejected: [] },
      projects: { [cwd]: { hasTrustDialogAccepted: true } },
    }),
  );
  const bin = binFolder({ name: "claude", version });
  return {
    cwd,
    claude: join(bin, "claude"),
    env: {
      HOME: home,
      PATH: [bin, "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
      LANG: "C.UTF-8",
      SHELL: "/bin/sh",
      CLAUDE_CODE_TMPDIR: join(home, "tmp"),
      ANTHROPIC_API_KEY: apiKey,
      ANTHROPIC_BASE_URL: apiUrl,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
    },
    async [Symbol.asyncDispose]() {
      // Claude Code writes its last files while it goes.
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** On screen once Claude Code takes a prompt: its composer, ready and empty. */
export const claudeIsReady = /^❯\s*$/m;
