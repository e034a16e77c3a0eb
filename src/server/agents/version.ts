import { spawn } from "node:child_process";
import { readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import * as z from "zod";
import { parseJson } from "../../protocol/json.ts";

const SEMVER = /\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?/u;
const MAX_OUTPUT_BYTES = 16 * 1024;

const packageSchema = z.object({
  version: z.string(),
  bin: z.union([
    z.string().transform((file) => [file]),
    z.record(z.string(), z.string()).transform(Object.values<string>),
  ]),
});

/**
 * Finds out the versions of programs, each only once as long as its file stays the same. The lookup answers null when a program
 * does not tell, and never throws. The last resort is to run the program with `--version`, so look up only what is a known agent's.
 */
export function programVersions({
  timeoutMs,
}: {
  readonly timeoutMs: number;
}): (file: string) => Promise<string | null> {
  const known = new Map<string, Promise<string | null>>();
  return async (file) => {
    try {
      const target = await realpath(file);
      const { size, mtimeMs } = await stat(target);
      const key = `${target}\n${size}\n${mtimeMs}`;
      const version = known.get(key) ?? findVersion(target, timeoutMs);
      known.set(key, version);
      return await version;
    } catch {
      // It is gone, or not for us to read.
      return null;
    }
  };
}

async function findVersion(file: string, timeoutMs: number): Promise<string | null> {
  return (await packageVersion(file)) ?? versionInPath(file) ?? (await printedVersion(file, timeoutMs));
}

/** Of the npm package that names this file as one of its programs. */
async function packageVersion(file: string): Promise<string | null> {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const text = await readFile(join(folder, "package.json"), "utf8").catch(() => "");
    const { data } = packageSchema.safeParse(parseJson(text));
    const programs = await Promise.all(
      (data?.bin ?? []).map((program) => realpath(resolve(folder, program)).catch(() => "")),
    );
    if (data && programs.includes(file)) return data.version;
  }
  return null;
}

/** Of a program that is called by its version in a folder of them: `claude/versions/2.1.329`. */
function versionInPath(file: string): string | null {
  const name = basename(file);
  return basename(dirname(file)) === "versions" && SEMVER.exec(name)?.[0] === name ? name : null;
}

/** What the program prints for `--version`. In a group of its own, so that what it starts ends with it. */
function printedVersion(file: string, timeoutMs: number): Promise<string | null> {
  return new Promise((settle) => {
    const { PATH = "", HOME = "" } = process.env;
    const child = spawn(file, ["--version"], {
      env: { PATH, HOME },
      stdio: ["ignore", "pipe", "ignore"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    let output = "";
    const timer = setTimeout(() => {
      end();
    }, timeoutMs);
    const end = () => {
      clearTimeout(timer);
      killGroup(child.pid);
      child.stdout.destroy();
      settle(SEMVER.exec(output)?.[0] ?? null);
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.length > MAX_OUTPUT_BYTES) end();
    });
    child.on("error", end);
    child.on("close", end);
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended, and all that it started with it.
  }
}
