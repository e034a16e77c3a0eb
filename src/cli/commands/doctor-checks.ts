import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { createConnection } from "node:net";
import { promisify } from "node:util";
import { canLoadSqlite, findRuntime } from "../../client/runtime.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Health } from "../../protocol/routes.ts";
import { DEFAULT_PORT } from "../../protocol/version.ts";
import type { CliContext } from "../context.ts";

export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
  /** What to do about it, or what follows from it. */
  readonly remedy: string | null;
}

const good = (name: string, text: string, remedy: string | null = null): Finding => ({ name, ok: true, text, remedy });
const bad = (name: string, text: string, remedy: string): Finding => ({ name, ok: false, text, remedy });

/** Looks at one thing after the other, the more basic ones first. */
export async function* findings(context: CliContext): AsyncGenerator<Finding> {
  yield await checkRuntime(context);
  const portWasTaken = await isListening(DEFAULT_PORT);
  const { finding, health } = await checkGateway(context);
  yield finding;
  yield await checkFolder(context);
  yield await checkToken(context);
  if (health) {
    yield checkPort(health, portWasTaken);
    yield checkPtyHosts(health);
  }
  yield await checkGit();
  if (health) yield* checkAgents(context);
}

async function checkRuntime({ home, folder }: CliContext): Promise<Finding> {
  const name = "runtime";
  try {
    const { execPath } = await findRuntime(home, folder);
    if (await canLoadSqlite(execPath))
      return good(name, `${execPath} has node:sqlite; this is Node ${process.versions.node}`);
    return bad(name, `${execPath} cannot load node:sqlite`, "Update VS Code, or install Node 22.13 or later.");
  } catch (error) {
    return bad(name, messageOf(error), "Open VS Code with Tally once, or install Node 22.13 or later.");
  }
}

async function checkGateway({ client }: CliContext): Promise<{ finding: Finding; health: Health | null }> {
  const name = "gateway";
  try {
    const health = await client.call("health", {});
    const { url } = await client.endpoint();
    return { finding: good(name, `answers at ${url} (pid ${health.pid}, version ${health.version})`), health };
  } catch (error) {
    const remedy = "See: tally gateway logs, and gateway.out.log beside it.";
    return { finding: bad(name, messageOf(error), remedy), health: null };
  }
}

async function checkFolder({ home }: CliContext): Promise<Finding> {
  return checkMode("TALLY_HOME", home.root, `chmod 700 ${home.root}`);
}

async function checkToken({ home, env }: CliContext): Promise<Finding> {
  if (env["TALLY_TOKEN"]) return good("token", "from TALLY_TOKEN");
  return checkMode("token", home.tokenFile, `chmod 600 ${home.tokenFile}`);
}

/** Others than its owner must have no access. */
async function checkMode(name: string, path: string, remedy: string): Promise<Finding> {
  const found = await stat(path).catch(() => null);
  if (!found) return bad(name, `${path} is missing`, "It is made when the gateway starts: tally gateway restart");
  if (process.platform !== "win32" && (found.mode & 0o077) !== 0) return bad(name, `others can read ${path}`, remedy);
  return good(name, `${path} is yours alone`);
}

function checkPort({ port }: Health, portWasTaken: boolean): Finding {
  if (port === DEFAULT_PORT) return good("port", String(port));
  const why = portWasTaken
    ? `${DEFAULT_PORT} is in use by another program`
    : `${DEFAULT_PORT} was not free at its start`;
  return good("port", `${port}, as ${why}`, "Clients find it by themselves.");
}

function checkPtyHosts({ ptyHosts }: Health): Finding {
  if (ptyHosts.length === 0) return good("pty host", "none runs; it starts with the first session in a terminal");
  const hosts = ptyHosts.map(({ pid, version, ptys }) => `pid ${pid}, version ${version}, ${ptys} terminals`);
  return good("pty host", hosts.join("; "));
}

async function checkGit(): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)("git", ["--version"]);
    return good("git", stdout.trim().replace("git version ", ""));
  } catch {
    return bad("git", "cannot be run", "Install git; without it every folder is a project of its own.");
  }
}

/** An agent that is not installed is no fault, as long as there is one. */
async function* checkAgents({ client, env }: CliContext): AsyncGenerator<Finding> {
  const { agents } = await client.call("detectAgents", { body: { path: env["PATH"] ?? env["Path"] ?? "" } });
  for (const { name, label, path, installHint } of agents) {
    yield path === null
      ? good(`agent ${name}`, `${label} is not on PATH`, installHint)
      : good(`agent ${name}`, `${label}, ${path}`);
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port, timeout: 1_000 });
    const answer = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.on("connect", () => answer(true));
    socket.on("timeout", () => answer(false));
    socket.on("error", () => answer(false));
  });
}

function messageOf(error: unknown): string {
  if (error instanceof TallyError || error instanceof Error) return error.message;
  return String(error);
}
