import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { AgentAdapter, AgentLaunch, LaunchRequest } from "./adapter.ts";
import { hereAndNow } from "./here-and-now.ts";
import { opencodeAccount, placeVariables } from "./opencode/account.ts";
import { readArguments, resumeArguments } from "./opencode/arguments.ts";
import { opencodeHeadless } from "./opencode/headless.ts";
import { promptCall } from "./opencode/prompts.ts";
import { answerCall } from "./opencode/requests.ts";
import { readScreen } from "./opencode/screen.ts";
import { credentialsOf, loopbackUrl, type OpencodeServer, whereaboutsOf } from "./opencode/server.ts";
import { opencodeStreams } from "./opencode/streams.ts";
import { runsPlugins, servesProtected } from "./opencode/versions.ts";
import { waitPlugin, withPlugin } from "./opencode/wait-plugin.ts";

const PLUGIN_FILE = "opencode-wait.js";

export const opencode: AgentAdapter = {
  name: "opencode",
  label: "opencode",
  program: "opencode",
  installHint: "npm install -g opencode-ai",
  plan,
  title: () => "opencode",
  account: opencodeAccount,
  configHomeVariable: null,
  keptVariables: placeVariables,
  // `--prompt` does nothing beside `-s`.
  resume: (conversationId, prompt, launchedWith) =>
    prompt === null ? resumeArguments(conversationId, launchedWith) : null,
  firstPrompt: (prompt) => [`--prompt=${prompt}`],
  sendPrompt: promptCall,
  // `/` and `@` open menus that take the Enter key, and a prompt may hold either.
  typing: null,
  headless: opencodeHeadless,
  reads: {
    streams: (whereabouts) => opencodeStreams(whereabouts, Date.now, hereAndNow().timeZone),
    screen: readScreen,
  },
  answers: { via: "http", call: answerCall },
};

async function plan(request: LaunchRequest): Promise<AgentLaunch> {
  const file = request.find("opencode");
  const version = await request.versionOf(file);
  const asTyped: AgentLaunch = {
    file,
    args: [...request.args],
    env: {},
    version,
    conversationId: null,
    files: {},
    // It waits for as long as the provider says, and nothing switches that off.
    continuesItself: true,
    expects: [],
    whereabouts: {},
  };
  if (request.isHeadless) return runsPlugins(version) ? telling(asTyped, request) : asTyped;
  const ui = readArguments(request.args, (path) => isFolder(resolve(request.cwd, path)));
  if (!ui || request.mode !== "pty") return asTyped;
  const conversation = { ...asTyped, conversationId: ui.conversationId };
  if (ui.server) {
    const url = ui.server.port === null ? null : loopbackUrl(ui.server.port, ui.server.hostname);
    return url ? heard(conversation, { url, credentials: credentialsOf(request.env) }) : conversation;
  }
  return servesProtected(version) ? served(conversation, request) : conversation;
}

/** With a server of its own that only Tally knows how to speak to: loopback is open to every user and every web page. */
async function served(launch: AgentLaunch, { args, env, freePort, newSecret }: LaunchRequest): Promise<AgentLaunch> {
  const port = await freePort();
  const added: Record<string, string> = credentialsOf(env) ? {} : { OPENCODE_SERVER_PASSWORD: newSecret() };
  const server = { url: `http://127.0.0.1:${port}`, credentials: credentialsOf({ ...env, ...added }) };
  return heard({ ...launch, args: ["--port", String(port), "--hostname", "127.0.0.1", ...args], env: added }, server);
}

/** With a plugin that tells of waits, and ends the long ones: `opencode run` would say nothing, for hours. */
function telling(launch: AgentLaunch, { env, folder }: LaunchRequest): AgentLaunch {
  const added = withPlugin(env, join(folder, PLUGIN_FILE));
  return { ...launch, env: added, files: { [PLUGIN_FILE]: waitPlugin }, continuesItself: false };
}

function heard(launch: AgentLaunch, server: OpencodeServer): AgentLaunch {
  return { ...launch, expects: ["event-stream"], whereabouts: whereaboutsOf(server) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
