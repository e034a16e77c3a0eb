import { spawn } from "node:child_process";
import { TallyError } from "../../protocol/errors.ts";

export interface GitOptions {
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
  /** What git reads. */
  readonly input?: string | Buffer | undefined;
  /** Variables besides those that it gets anyway. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Each line, or part of one that a carriage return ends, that it writes to stderr: its progress. */
  readonly onProgress?: ((line: string) => void) | undefined;
  /** Exit codes that are answers too. */
  readonly okCodes?: readonly number[] | undefined;
}

export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** So much of what git complained about is told. */
const MAX_COMPLAINT_LENGTH = 1_000;

/**
 * Variables of the person's own git that would make ours work on another repository; and git must never wait for somebody at a terminal.
 * Inherited by the gateway where it was started from a git hook.
 */
const foreignVariables =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|COMMON_DIR|PREFIX|NAMESPACE|CONFIG_PARAMETERS|CONFIG_COUNT|CEILING_DIRECTORIES)$/;

/**
 * Runs git with these arguments, whole: its output may be large, its input too, and it can be stopped.
 * @throws {TallyError} `git-failed` with what git said, `cancelled` when the signal stopped it
 */
export function runGit(args: readonly string[], options: GitOptions): Promise<GitAnswer> {
  const { cwd, signal, input, env = {}, onProgress, okCodes = [0] } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(cancelled());
      return;
    }
    const own = Object.entries(process.env).filter(([name]) => !foreignVariables.test(name));
    const child = spawn("git", [...args], {
      cwd,
      windowsHide: true,
      // A group of its own: what git starts, such as hooks and filters, ends with it.
      detached: process.platform !== "win32",
      env: { ...Object.fromEntries(own), GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C", ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    let stderr = "";
    let line = "";
    const stop = () => endGroup(child.pid);
    signal?.addEventListener("abort", stop, { once: true });
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr = (stderr + chunk).slice(-100_000);
      const lines = (line + chunk).split(/[\r\n]/);
      line = lines.pop() ?? "";
      if (onProgress) for (const each of lines) if (each !== "") onProgress(each);
    });
    // It may end before it has read all: its exit code tells.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input ?? "");
    child.on("error", (error: NodeJS.ErrnoException) => {
      signal?.removeEventListener("abort", stop);
      const why = error.code === "ENOENT" ? "git is not installed, or the folder is gone" : error.message;
      reject(new TallyError("git-failed", `git could not be run in ${cwd}: ${why}.`));
    });
    child.on("close", (code, killedBy) => {
      signal?.removeEventListener("abort", stop);
      if (signal?.aborted) reject(cancelled());
      else if (code !== null && okCodes.includes(code)) resolve({ code, stdout: Buffer.concat(stdout), stderr });
      else reject(failed(args, stderr, code ?? killedBy));
    });
  });
}

/** The lines that git answers, empty ones left out. @throws {TallyError} as {@link runGit} */
export async function gitLines(args: readonly string[], options: GitOptions): Promise<string[]> {
  const { stdout } = await runGit(args, options);
  return stdout
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
}

/** What git answers where its output is separated by NUL: file names. @throws {TallyError} as {@link runGit} */
export async function gitItems(args: readonly string[], options: GitOptions): Promise<string[]> {
  const { stdout } = await runGit(args, options);
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((item) => item !== "");
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGTERM");
  } catch {
    // It has ended meanwhile.
  }
}

function cancelled(): TallyError {
  return new TallyError("cancelled", "It was cancelled.");
}

function failed(args: readonly string[], stderr: string, how: number | string | null): TallyError {
  const said = stderr.trim().slice(-MAX_COMPLAINT_LENGTH);
  const verb = args.find((word) => !word.startsWith("-")) ?? "";
  return new TallyError("git-failed", `git ${verb} failed (${how ?? "unknown"})${said === "" ? "." : `: ${said}`}`, {
    args,
    stderr: said,
  });
}
