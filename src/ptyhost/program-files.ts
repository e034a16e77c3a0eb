import { closeSync, constants, fstatSync, openSync, rmSync } from "node:fs";

/** Paths of what a program without a terminal reads and writes. */
export interface ProgramFiles {
  readonly stdin: string;
  readonly stdout: string;
  readonly stderr: string;
}

// The last two are not there on Windows, and stand for no flag then.
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Runs `use` with the three opened, in the order in which a program gets them, and closes them again. Throws when one of them cannot be. */
export function withProgramFiles<T>(files: ProgramFiles, use: (opened: readonly [number, number, number]) => T): T {
  const opened: number[] = [];
  const open = (fd: number) => {
    opened.push(fd);
    return fd;
  };
  try {
    const stdin = open(openToRead(files.stdin));
    return use([stdin, open(createToWrite(files.stdout)), open(createToWrite(files.stderr))]);
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}

/** A pipe in the place of the file must not hang the host. */
function openToRead(path: string): number {
  const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new Error(`${path} is not a file`);
}

/** In place of what is there, and never into what a link there points to. */
function createToWrite(path: string): number {
  rmSync(path, { force: true });
  return openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, 0o600);
}
