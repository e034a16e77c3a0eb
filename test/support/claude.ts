import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { binFolder, type pinnedAgents } from "../../scripts/agents/pinned.ts";
import { type Answer, refuses } from "./loopback-api/answers.ts";
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

/** The same person, who has signed in with a subscription instead of a key. */
export async function signedIn(home: ClaudeHome): Promise<ClaudeHome> {
  const { ANTHROPIC_API_KEY: _key, ...env } = home.env;
  const configHome = join(env["HOME"] ?? "", ".claude");
  await mkdir(configHome, { recursive: true });
  await writeFile(
    join(configHome, ".credentials.json"),
    JSON.stringify({
      claudeAiOauth: {
        accessToken: "sk-ant-oat01-loopback",
        refreshToken: "sk-ant-ort01-loopback",
        expiresAt: Date.now() + 24 * 3_600_000,
        scopes: ["user:inference", "user:profile"],
        subscriptionType: "max",
        rateLimitTier: "default_claude_max_5x",
      },
    }),
  );
  return { ...home, env };
}

/** More folders that Claude Code trusts. Before its first start. */
export async function trustedFolders({ env }: ClaudeHome, ...names: readonly string[]): Promise<string[]> {
  const home = env["HOME"] ?? "";
  const path = join(home, ".claude.json");
  const folders = names.map((name) => join(home, name));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  const state = JSON.parse(await readFile(path, "utf8")) as { projects: Record<string, unknown> };
  const trusted = Object.fromEntries(folders.map((folder) => [folder, { hasTrustDialogAccepted: true }]));
  await writeFile(path, JSON.stringify({ ...state, projects: { ...state.projects, ...trusted } }));
  return folders;
}

/** What the API says to a subscription whose 5 hours are used up until then: milliseconds since the epoch, whole seconds. */
export function fiveHourLimit(resetsAt: number): Answer {
  const reset = String(resetsAt / 1000);
  return refuses(
    429,
    { type: "rate_limit_error", message: "This request would exceed your account's rate limit." },
    {
      "anthropic-ratelimit-unified-status": "rejected",
      "anthropic-ratelimit-unified-reset": reset,
      "anthropic-ratelimit-unified-representative-claim": "five_hour",
      "anthropic-ratelimit-unified-5h-status": "rejected",
      "anthropic-ratelimit-unified-5h-reset": reset,
      "anthropic-ratelimit-unified-5h-utilization": "1.0",
    },
  );
}

/** Arguments with which it asks before it runs anything that changes something. */
export function asksFirst(version: ClaudeVersion): string[] {
  return ["--permission-mode", version === "2.1.197" ? "default" : "manual"];
}

/** On screen once Claude Code takes a prompt: its composer, ready and empty. */
export const claudeIsReady = /^❯\s*$/m;

/** Long enough that the dialog is gone from a busy machine's screen: one key too many is typed into what comes after it. */
const PRESS_AGAIN_MS = 2_000;

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
