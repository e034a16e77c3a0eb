import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { binFolder, type pinnedAgents } from "../../scripts/agents/pinned.ts";
import type { SessionView } from "./session-view.ts";
import { until } from "./until.ts";

type Pinned = Extract<(typeof pinnedAgents)[number], { name: "claude" }>;
export const claudeVersions = ["2.1.329", "2.1.197"] as const satisfies readonly Pinned["version"][];
export type ClaudeVersion = (typeof claudeVersions)[number];

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

/** Arguments with which it asks before it runs anything that changes something. */
export function asksFirst(version: ClaudeVersion): string[] {
  return ["--permission-mode", version === "2.1.197" ? "default" : "manual"];
}

/** On screen once Claude Code takes a prompt: its composer, ready and empty. */
export const claudeIsReady = /^❯\s*$/m;

const PRESS_AGAIN_MS = 500;

/** Presses a key until the dialog with these words is gone: 2.1.329 overlooks those that come as soon as a dialog does. */
export async function press(view: SessionView, key: string, dialog: string): Promise<void> {
  await view.screen.untilShows(dialog);
  let pressedAt = 0;
  await until(() => {
    if (!view.screen.text().includes(dialog)) return true;
    if (Date.now() - pressedAt >= PRESS_AGAIN_MS) {
      view.type(key);
      pressedAt = Date.now();
    }
    return false;
  }, `"${dialog}" to go away`);
}
