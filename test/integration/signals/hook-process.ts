import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** The shells of this machine that are somebody's `/bin/sh`. */
export const SHELLS = [
  { name: "dash", path: "/bin/dash" },
  { name: "bash", path: "/bin/bash" },
  { name: "busybox", path: "/bin/busybox" },
].filter(({ path }) => existsSync(path));

/** A `sh` that is this shell, in a folder of its own: shells behave by the name they are called by. */
export function asSh(shell: string, folder: string): string {
  const sh = join(folder, "sh");
  mkdirSync(folder, { recursive: true });
  symlinkSync(shell, sh);
  return sh;
}

export interface HookProcess {
  readonly pid: number;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly ended: Promise<HookEnd>;
}

export interface HookEnd {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs a hook's line as an agent does: by a shell, with its payload on stdin. A payload that is not taken to its end is an error. */
export function startHook(
  line: string,
  payload: Buffer | string,
  { sh = "/bin/sh", env = {} }: { sh?: string; env?: Readonly<Record<string, string>> } = {},
): HookProcess {
  // The lines name /bin/sh; this makes them run in the shell under test.
  const child = spawn(sh, ["-c", line.replaceAll("/bin/sh", sh)], { env: { PATH: "/usr/bin:/bin", ...env } });
  const stdout: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
  const taken = new Promise<void>((resolve, reject) => {
    child.stdin.on("error", reject);
    child.stdin.end(payload, resolve);
  });
  const ended = async (): Promise<HookEnd> => {
    const [[exitCode, signal]] = (await Promise.all([once(child, "close"), taken])) as [
      [number | null, NodeJS.Signals | null],
      unknown,
    ];
    return { stdout: Buffer.concat(stdout), stderr, exitCode, signal };
  };
  return { pid: child.pid!, signal: (name) => void child.kill(name), ended: ended() };
}

export function runHook(...args: Parameters<typeof startHook>): Promise<HookEnd> {
  return startHook(...args).ended;
}
