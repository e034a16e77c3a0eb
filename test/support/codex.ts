import { appendFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { binFolder, type pinnedAgents } from "../../scripts/agents/pinned.ts";
import { type Hook, trustedHash } from "../../src/server/agents/codex/hook-flags.ts";
import { type Answer, refuses } from "./loopback-api/answers.ts";

type Pinned = Extract<(typeof pinnedAgents)[number], { name: "codex" }>;
export type CodexVersion = Pinned["version"];

/** A person who has used Codex before, and whose model API is the one on loopback. */
export interface CodexHome extends AsyncDisposable {
  /** The whole environment: built from nothing, so nothing of the developer's gets in. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder that Codex trusts. */
  readonly cwd: string;
  /** A file to which the person's own hook appends a line for every prompt. */
  readonly ownHookLog: string;
  /** What the files are that the person configures Codex with, byte for byte. */
  configuration(): Promise<Readonly<Record<"config.toml" | "hooks.json", string>>>;
}

/** @param parent where the home is made: for an agent that outlives its test's body, a folder that is removed after the agent has ended. */
export async function codexHome(version: CodexVersion, apiUrl: string, parent = tmpdir()): Promise<CodexHome> {
  const home = await realpath(await mkdtemp(join(parent, "codex-home-")));
  const cwd = join(home, "work");
  const folder = join(home, ".codex");
  const hooksFile = join(folder, "hooks.json");
  const ownHookLog = join(home, "own-hook.log");
  const own: Hook = { event: "UserPromptSubmit", command: `echo ran >>'${ownHookLog}'`, timeoutSeconds: 10 };
  await mkdir(cwd);
  await mkdir(folder);
  await writeFile(
    hooksFile,
    JSON.stringify({ hooks: { [own.event]: [{ hooks: [{ type: "command", command: own.command, timeout: 10 }] }] } }),
  );
  await writeFile(
    join(folder, "config.toml"),
    // Without `[tui]` it counts there how often it has shown what is new.
    `model = "gpt-5.4"
model_provider = "loopback"
approval_policy = "on-request"
sandbox_mode = "read-only"
check_for_update_on_startup = false

[tui]
screen_reader_detection_done = true
show_tooltips = false

[model_providers.loopback]
name = "loopback"
base_url = "${apiUrl}"
env_key = "LOOPBACK_API_KEY"
wire_api = "responses"

[projects."${cwd}"]
trust_level = "trusted"

[hooks.state."${hooksFile}:user_prompt_submit:0:0"]
trusted_hash = "${trustedHash(own)}"
`,
  );
  const bin = binFolder({ name: "codex", version });
  return {
    cwd,
    ownHookLog,
    env: {
      HOME: home,
      // Node, which npm's `codex` is a script for, and a shell.
      PATH: [bin, join(process.execPath, ".."), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
      LANG: "C.UTF-8",
      SHELL: "/bin/sh",
      LOOPBACK_API_KEY: "sk-loopback",
    },
    configuration: async () => ({
      "config.toml": await readFile(join(folder, "config.toml"), "utf8"),
      "hooks.json": await readFile(hooksFile, "utf8"),
    }),
    async [Symbol.asyncDispose]() {
      // Codex writes its last files while it goes.
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** More folders that Codex trusts. Before its first start. */
export async function trustedFolders({ env }: CodexHome, ...names: readonly string[]): Promise<string[]> {
  const home = env["HOME"] ?? "";
  const folders = names.map((name) => join(home, name));
  for (const folder of folders) {
    await mkdir(folder);
    await appendFile(join(home, ".codex", "config.toml"), `\n[projects."${folder}"]\ntrust_level = "trusted"\n`);
  }
  return folders;
}

/** What the API says to a subscription whose 5 hours are used up until then: milliseconds since the epoch, whole seconds. */
export function fiveHourLimit(resetsAt: number): Answer {
  const reset = resetsAt / 1000;
  const error = { type: "usage_limit_reached", message: "Enough.", plan_type: "plus", resets_at: reset };
  return refuses(429, error, {
    "x-codex-primary-used-percent": "100.0",
    "x-codex-primary-window-minutes": "300",
    "x-codex-primary-reset-at": String(reset),
  });
}
