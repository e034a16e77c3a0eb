import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { installAgents } from "./agents/install.ts";
import { runInEditorTests } from "./editor/in-editor-tests.ts";
import { repository } from "./progress.mjs";

export interface Count {
  readonly passed: number;
  readonly failed: number;
  /** What the runner said of the tests that failed. */
  readonly failures?: string;
}

export type Tier = "lint" | "types" | "unit" | "integration" | "editor" | "e2e" | "agents";

/** Gets what a tier prints, as it comes. */
export type Print = (text: string) => void;

/** Every tier of the tests, in the order in which they run: what fails fast comes first. */
export const tiers: Readonly<Record<Tier, (print: Print) => Promise<Count>>> = {
  lint: (print) => check(print, "npm", ["run", "--silent", "lint"]),
  types: (print) => check(print, "npm", ["run", "--silent", "typecheck"]),
  unit: (print) => mocha("unit", print),
  integration: (print) => mocha("integration", print),
  editor: (print) => counted(print, runInEditorTests),
  e2e: (print) => mocha("e2e", print),
  agents: async (print) => {
    await installAgents();
    return mocha("agents", print);
  },
};

/** These start no process of ours and wait for nothing, so they run at the same time. */
export const quickTiers: ReadonlySet<Tier> = new Set(["lint", "types", "unit"]);

/** Those that need no download of the agents that people use. */
export const defaultTiers: readonly Tier[] = ["lint", "types", "unit", "integration", "editor", "e2e"];

/** A program that says yes or no counts as one test. */
async function check(print: Print, command: string, args: readonly string[]): Promise<Count> {
  let output = "";
  const exitCode = await runProgram(command, args, (text) => {
    output += text;
    print(text);
  });
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, failures: output };
}

async function mocha(tier: Tier, print: Print): Promise<Count> {
  const config = join("test", `${tier}.mocharc.json`);
  if (!existsSync(join(repository, config))) throw new Error(`${config} is missing.`);
  const main = join(repository, "node_modules", "mocha", "bin", "mocha.js");
  return counted(print, (log) => runProgram(process.execPath, [main, "--config", config], log));
}

/** Passes on what mocha prints, and reads the counts from its closing lines. A run that breaks without a count has failed once. */
async function counted(print: Print, run: (log: Print) => Promise<number>): Promise<Count> {
  let output = "";
  const exitCode = await run((text) => {
    output += text;
    print(text);
  });
  const count = (word: string) => Number(new RegExp(`^ *(\\d+) ${word}\\b`, "m").exec(output)?.[1] ?? 0);
  const passed = count("passing");
  const failed = count("failing");
  if (failed > 0) return { passed, failed, failures: /^ *\d+ failing\b[^]*/m.exec(output)?.[0] ?? "" };
  return exitCode !== 0 || passed === 0 ? { passed, failed: 1, failures: output.slice(-4_000) } : { passed, failed };
}

function runProgram(command: string, args: readonly string[], log: Print): Promise<number> {
  return new Promise((resolve, reject) => {
    const shell = process.platform === "win32" && command === "npm";
    const child = spawn(command, args, { cwd: repository, shell, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.setEncoding("utf8").on("data", log);
    child.stderr.setEncoding("utf8").on("data", log);
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
