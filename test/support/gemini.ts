import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { binFolder, type pinnedAgents } from "../../scripts/agents/pinned.ts";

type Pinned = Extract<(typeof pinnedAgents)[number], { name: "gemini" }>;
export const geminiVersions = ["0.61.0"] as const satisfies readonly Pinned["version"][];
export type GeminiVersion = (typeof geminiVersions)[number];

/** A person who has used Gemini CLI before, and whose model API is the one on loopback. */
export interface GeminiHome extends AsyncDisposable {
  /** The whole environment: built from nothing, so nothing of the developer's gets in. */
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  readonly cwd: string;
  /** The program itself. */
  readonly gemini: string;
  /** The person's own settings. */
  readonly settingsPath: string;
}

export interface GeminiHomeOptions {
  /** Where the home is made: for an agent that outlives its test's body, a folder that is removed after the agent has ended. */
  readonly parent?: string;
  /** The person's own, beside those without which it opens with questions. */
  readonly settings?: Record<string, unknown>;
  /** Whether the person has said before that Gemini CLI may trust the folder. */
  readonly isTrusting?: boolean;
}

export async function geminiHome(
  version: GeminiVersion,
  apiUrl: string,
  { parent = tmpdir(), settings = {}, isTrusting = true }: GeminiHomeOptions = {},
): Promise<GeminiHome> {
  const home = await realpath(await mkdtemp(join(parent, "gemini-home-")));
  const cwd = join(home, "work");
  const settingsPath = join(home, ".gemini", "settings.json");
  await mkdir(cwd);
  await mkdir(join(home, ".gemini"));
  await mkdir(join(home, "tmp"));
  await writeFile(
    settingsPath,
    JSON.stringify({
      security: { auth: { selectedType: "gemini-api-key" } },
      // The model that "auto" picks costs a request of its own, with an answer in a shape of its own.
      model: { name: "gemini-2.5-flash" },
      general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
      privacy: { usageStatisticsEnabled: false },
      ...settings,
    }),
  );
  await writeFile(
    join(home, ".gemini", "trustedFolders.json"),
    JSON.stringify(isTrusting ? { [cwd]: "TRUST_FOLDER" } : {}),
  );
  const bin = binFolder({ name: "gemini", version });
  return {
    home,
    cwd,
    gemini: join(bin, "gemini"),
    settingsPath,
    env: {
      HOME: home,
      PATH: [bin, "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
      LANG: "C.UTF-8",
      SHELL: "/bin/sh",
      // Where it reports errors of the API.
      TMPDIR: join(home, "tmp"),
      GEMINI_API_KEY: `loopback-${randomBytes(20).toString("hex")}`,
      GOOGLE_GEMINI_BASE_URL: apiUrl,
    },
    async [Symbol.asyncDispose]() {
      // Gemini CLI writes its last files while it goes.
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** On screen once Gemini CLI takes a prompt: its composer, ready and empty. */
export const geminiIsReady = /^ > {3}Type your message/m;
