import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The repository's folder, with a trailing separator. */
export const repository = fileURLToPath(new URL("..", import.meta.url));

/** Does `work` and says on stderr what is being done and how long it took: "Installing dependencies ... 20 s". */
export async function step(label, work) {
  const startedAt = Date.now();
  process.stderr.write(`${label} ...`);
  try {
    const result = await work();
    process.stderr.write(` ${((Date.now() - startedAt) / 1000).toFixed(0)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write(" failed\n");
    throw error;
  }
}

/**
 * Runs a program that nobody watches. Resolves with its stdout.
 * @throws an Error that quotes the end of its output, when it cannot be started or exits with anything but 0.
 */
export function run(command, args, { cwd = repository, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    // npm and its kind are .cmd files on Windows, which only a shell can start. Arguments here are our own words.
    const shell = process.platform === "win32" && !/\.exe$/i.test(command);
    const child = spawn(command, args, { cwd, env, shell, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(stdout);
      const end = output.trimEnd().split("\n").slice(-40).join("\n");
      reject(new Error(`${command} ${args.join(" ")}: ${signal ?? `exit code ${code}`}\n${end}`));
    });
  });
}
