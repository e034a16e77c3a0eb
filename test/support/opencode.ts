import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { binFolder, type pinnedAgents } from "../../scripts/agents/pinned.ts";
import { headersFor, serverAt } from "../../src/server/agents/opencode/server.ts";
import { readTracking } from "../../src/server/sessions/state/tracking.ts";
import type { TestGateway } from "./gateway.ts";
import type { SessionView } from "./session-view.ts";
import { until } from "./until.ts";

type Pinned = Extract<(typeof pinnedAgents)[number], { name: "opencode" }>;
export const opencodeVersions = ["1.18.33"] as const satisfies readonly Pinned["version"][];
export type OpencodeVersion = (typeof opencodeVersions)[number];

/** A person who uses opencode with the model API on loopback, and lets it ask before it runs a command. */
export interface OpencodeHome extends AsyncDisposable {
  /** The whole environment: built from nothing, so nothing of the developer's gets in. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The program itself. */
  readonly opencode: string;
  /** The person's own configuration. */
  readonly configPath: string;
}

/** US dollars for a million tokens. */
export const prices = { input: 3, output: 15, cache_read: 0.3, cache_write: 3.75 };

/** @param parent where the home is made: for an agent that outlives its test's body, a folder that is removed after the agent has ended. */
export async function opencodeHome(version: OpencodeVersion, apiUrl: string, parent = tmpdir()): Promise<OpencodeHome> {
  const home = await realpath(await mkdtemp(join(parent, "opencode-home-")));
  const cwd = join(home, "work");
  const configFolder = join(home, ".config", "opencode");
  const configPath = join(configFolder, "opencode.json");
  await mkdir(cwd);
  await mkdir(configFolder, { recursive: true });
  await writeFile(configPath, JSON.stringify(config(apiUrl), null, 2));
  const bin = binFolder({ name: "opencode", version });
  return {
    cwd,
    configPath,
    opencode: join(bin, "opencode"),
    env: {
      HOME: home,
      XDG_CONFIG_HOME: join(home, ".config"),
      XDG_DATA_HOME: join(home, ".local", "share"),
      XDG_STATE_HOME: join(home, ".local", "state"),
      XDG_CACHE_HOME: join(home, ".cache"),
      PATH: [bin, "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
      LANG: "C.UTF-8",
      SHELL: "/bin/sh",
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      // It installs a package of its own into its configuration folder: from here it gets none.
      npm_config_registry: apiUrl,
    },
    async [Symbol.asyncDispose]() {
      // opencode writes its last files while it goes.
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

function config(apiUrl: string): Record<string, unknown> {
  const model = {
    name: "Model One",
    tool_call: true,
    cost: prices,
    limit: { context: 200_000, output: 8_000 },
  };
  return {
    // opencode itself puts this where it is missing.
    $schema: "https://opencode.ai/config.json",
    autoupdate: false,
    share: "disabled",
    model: "loopback/model-one",
    small_model: "loopback/model-one",
    provider: {
      loopback: {
        npm: "@ai-sdk/anthropic",
        name: "Loopback",
        options: { baseURL: `${apiUrl}/v1`, apiKey: `loopback-${randomBytes(20).toString("hex")}` },
        models: { "model-one": model },
      },
    },
    permission: { bash: "ask" },
  };
}

/** It takes its time to start, and again for its first turn. */
const STARTS_WITHIN_MS = 60_000;

/** Waits until its composer is on the screen. */
export function untilReady({ screen }: Pick<SessionView, "screen">): Promise<void> {
  const isReady = () => /\bctrl\+p commands\b/.test(screen.text());
  return until(isReady, "opencode to be ready", STARTS_WITHIN_MS, () => screen.text());
}

/** Types a prompt and sends it, once the composer shows it: an Enter that comes with the text may be taken for a choice from a menu. */
export async function submit(view: Pick<SessionView, "screen" | "type">, prompt: string): Promise<void> {
  view.type(prompt);
  await view.screen.untilShows(prompt);
  view.type("\r");
}

/** What the server of a session's opencode answers, which only the gateway knows how to speak to. */
export async function askOpencode(
  gateway: TestGateway,
  sessionId: string,
  path: (conversationId: string) => string,
): Promise<unknown> {
  const tracking = readTracking(gateway.store((store) => store.session(sessionId)?.tracking ?? null));
  const { conversationId } = tracking?.whereabouts ?? {};
  const server = tracking && serverAt(tracking.whereabouts);
  assert.ok(server && conversationId);
  const response = await fetch(`${server.url}${path(conversationId)}`, { headers: headersFor(server) });
  return response.json();
}
