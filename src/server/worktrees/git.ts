import { execFile, spawn } from "node:child_process";
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
  /** An open file that its output goes to: what may be too large for memory. The answer's `stdout` is empty then. */
  readonly stdout?: number | undefined;
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
const MAX_STDERR_LENGTH = 100_000;
/** Asked to end, git removes what it has half made; a filter or hook of the person's may not listen at all. */
const END_GRACE_MS = 5_000;
/** A hook may leave a process behind that keeps git's output open: once git is gone, nothing is waited for but what it wrote last. */
const LAST_OUTPUT_MS = 500;

/**
 * Variables of the person's own git that would make ours work on another repository, as `git rev-parse --local-env-vars` lists them, and
 * those that change what paths mean. Inherited by the gateway where it was started from a git hook.
 */
const foreignVariables =
  /^GIT_(?:DIR|WORK_TREE|IMPLICIT_WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|QUARANTINE_PATH|COMMON_DIR|PREFIX|NAMESPACE|CONFIG|CONFIG_PARAMETERS|CONFIG_COUNT|GRAFT_FILE|SHALLOW_FILE|NO_REPLACE_OBJECTS|REPLACE_REF_BASE|CEILING_DIRECTORIES|(?:LITERAL|GLOB|NOGLOB|ICASE)_PATHSPECS)$/;

/**
 * What every git of ours gets: it never waits for somebody at a terminal, takes no locks that it can do without, and speaks English, while
 * names keep the character set that hooks and filters of the person's expect.
 */
function gitEnvironment(own: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { LC_ALL, ...inherited } = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !foreignVariables.test(name)),
  );
  return {
    ...inherited,
    ...(LC_ALL === undefined ? {} : { LC_CTYPE: LC_ALL }),
    LC_MESSAGES: "C",
    LANGUAGE: "",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    ...own,
  };
}

/**
 * Runs git with these arguments, whole: its output may be large, its input too, and it can be stopped, with all that it started.
 * @throws {TallyError} `git-failed` with what git said, `cancelled` when the signal stopped it
 */
export function runGit(args: readonly string[], options: GitOptions): Promise<GitAnswer> {
  const { cwd, signal, input, env = {}, onProgress, okCodes = [0] } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(cancelled());
      return;
    }
    const child = spawn("git", [...args], {
      cwd,
      windowsHide: true,
      // A group of its own: what git starts, such as hooks and filters, ends with it.
      detached: process.platform !== "win32",
      env: gitEnvironment(env),
      stdio: ["pipe", options.stdout ?? "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    let stderr = "";
    let line = "";
    let received = 0;
    let force: NodeJS.Timeout | undefined;
    let silence: NodeJS.Timeout | undefined;
    const stop = () => {
      endGroup(child.pid, "SIGTERM");
      force = setTimeout(() => endGroup(child.pid, "SIGKILL"), END_GRACE_MS);
    };
    signal?.addEventListener("abort", stop, { once: true });
    child.stdout?.on("data", (chunk: Buffer) => {
      received += chunk.length;
      stdout.push(chunk);
    });
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      received += chunk.length;
      stderr = (stderr + chunk).slice(-MAX_STDERR_LENGTH);
      const lines = (line + chunk).split(/[\r\n]/);
      line = lines.pop() ?? "";
      if (onProgress) for (const each of lines) if (each !== "") onProgress(each);
    });
    // It may end before it has read all: its exit code tells.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input ?? "");
    // At least two rounds: one that comes late because the gateway was busy has not had the chance to read yet.
    const closeOnceSilent = (receivedBefore: number) => {
      silence = setTimeout(() => {
        if (received !== receivedBefore) {
          closeOnceSilent(received);
          return;
        }
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, LAST_OUTPUT_MS);
    };
    const settle = () => {
      clearTimeout(force);
      clearTimeout(silence);
      signal?.removeEventListener("abort", stop);
    };
    child.on("error", (error: NodeJS.ErrnoException) => {
      settle();
      const why = error.code === "ENOENT" ? "git is not installed, or the folder is gone" : error.message;
      reject(new TallyError("git-failed", `git could not be run in ${cwd}: ${why}.`));
    });
    child.on("exit", (_code, killedBy) => {
      // What it started goes on without it otherwise, and writes into what is being undone.
      if (killedBy !== null) endGroup(child.pid, "SIGKILL");
      closeOnceSilent(-1);
    });
    child.on("close", (code, killedBy) => {
      settle();
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

/**
 * What git says where another git holds a lock just now, has just removed the folder of its worktrees' records, which was empty, or has
 * only begun to write one of them.
 */
const lockWords =
  /could not lock|Unable to create '[^']*\.lock'|cannot lock ref .*File exists|could not create directory of '[^']*worktrees|failed to read .*[/\\]worktrees[/\\]/s;
const LOCK_TRIES = 8;
const LOCK_PAUSE_MS = 50;

/** Runs git again for as long as another git holds a lock that it needs, up to a few seconds. @throws {TallyError} as {@link runGit} */
export async function runGitPastLocks(args: readonly string[], options: GitOptions): Promise<GitAnswer> {
  for (let tries = 1; ; tries++) {
    try {
      return await runGit(args, options);
    } catch (error) {
      if (tries === LOCK_TRIES || !(error instanceof TallyError) || !lockWords.test(error.message)) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS * tries * (0.5 + Math.random())));
    }
  }
}

function endGroup(pid: number | undefined, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  if (process.platform === "win32") {
    // Windows has no groups, and lets nothing clean up.
    execFile("taskkill", ["/pid", String(pid), "/t", "/f"], { windowsHide: true }, () => undefined);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function cancelled(): TallyError {
  return new TallyError("cancelled", "It was cancelled.");
}

function failed(args: readonly string[], stderr: string, how: number | string | null): TallyError {
  // Progress is written over and over into one line.
  const said = stderr
    .split("\n")
    .map((each) => each.slice(each.replace(/\r$/, "").lastIndexOf("\r") + 1).trimEnd())
    .join("\n")
    .trim()
    .slice(-MAX_COMPLAINT_LENGTH);
  const verb = args.find((word, at) => !word.startsWith("-") && args[at - 1] !== "-c" && args[at - 1] !== "-C") ?? "";
  return new TallyError("git-failed", `git ${verb} failed (${how ?? "unknown"})${said === "" ? "." : `: ${said}`}`, {
    args,
    stderr: said,
  });
}
