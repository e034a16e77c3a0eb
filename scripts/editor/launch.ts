import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../progress.mjs";
import { installEditor } from "./install.ts";
import { endProcesses } from "./processes.ts";

export interface LaunchOptions {
  /** Settings, extensions and logs of this editor go here; it may be missing or empty. */
  readonly dataDir: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The whole environment of the editor and of what runs in it. */
  readonly env: NodeJS.ProcessEnv;
  /** A packaged extension to install before the start. */
  readonly vsix?: string;
}

export interface RunningEditor {
  readonly port: number;
  readonly dataDir: string;
  /** Resolves when the server has ended, however it did. */
  readonly ended: Promise<void>;
  /** What to open in a browser to work in `folder`. */
  url: (folder: string) => string;
  /** The same, with an extension that runs from its sources, and optionally a module of tests to run in it. */
  developmentUrl: (folder: string, extension: string, tests?: string) => string;
  /** Ends the server and everything that it started. */
  stop: () => Promise<void>;
}

const startTimeoutMs = 60_000;

/** Starts VS Code's server on a free loopback port. @throws with the server's own words when it does not come up. */
export async function launchEditor({ dataDir, settings, env, vsix }: LaunchOptions): Promise<RunningEditor> {
  const serverMain = await installEditor();
  const common = ["--server-data-dir", dataDir, "--accept-server-license-terms", "--telemetry-level", "off"];
  mkdirSync(join(dataDir, "data", "User"), { recursive: true });
  writeFileSync(join(dataDir, "data", "User", "settings.json"), JSON.stringify(settings, null, 2));
  if (vsix) await run(process.execPath, [serverMain, "--install-extension", vsix, ...common], { env });

  // The smoke test driver is what makes the workbench read `payload` from its URL; see developmentUrl.
  const network = ["--host", "127.0.0.1", "--port", "0", "--without-connection-token", "--enable-smoke-test-driver"];
  // A group of its own: Ctrl-C in the terminal must reach us alone, who end the server in order.
  const server = spawn(process.execPath, [serverMain, ...common, ...network], {
    env,
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
  });
  // The last resort, for a process that ends without having called stop.
  const endWithUs = () => void server.kill("SIGKILL");
  process.once("exit", endWithUs);
  const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
  void ended.then(() => process.off("exit", endWithUs));
  const stop = async () => {
    if (server.pid === undefined || server.exitCode !== null) return;
    await endProcesses([server.pid]);
    await ended;
  };
  try {
    const port = await listeningPort(server);
    const authority = `127.0.0.1:${port}`;
    const url = (folder: string) => `http://${authority}/?folder=${encodeURIComponent(folder)}`;
    const developmentUrl = (folder: string, extension: string, tests?: string) => {
      const remote = (path: string) => `vscode-remote://${authority}${path}`;
      const payload = [["extensionDevelopmentPath", remote(extension)]];
      if (tests) payload.push(["extensionTestsPath", remote(tests)]);
      return `${url(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
    };
    return { port, dataDir, ended, url, developmentUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listeningPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = "";
    const fail = (why: string) =>
      reject(new Error(`The embedded editor did not start: ${why}\n${output.slice(-4_000)}`));
    const timeout = setTimeout(() => fail(`not ready after ${startTimeoutMs / 1_000} s`), startTimeoutMs);
    const read = (text: string) => {
      output = (output + text).slice(-64_000);
      const port = /Web UI available at http:\/\/localhost:(\d+)/.exec(output)?.[1];
      if (!port) return;
      clearTimeout(timeout);
      resolve(Number(port));
    };
    server.stdout?.setEncoding("utf8").on("data", read);
    server.stderr?.setEncoding("utf8").on("data", read);
    server.once("error", (error) => fail(error.message));
    server.once("exit", (code, signal) => {
      clearTimeout(timeout);
      fail(`it ended with ${signal ?? `exit code ${code}`}`);
    });
  });
}
