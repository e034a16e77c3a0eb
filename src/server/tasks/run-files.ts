import { constants, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { TallyHome } from "../../protocol/home.ts";

/** The end of what a program complained about. */
const STDERR_END_BYTES = 4096;
/** Ids are made of these; a task that somebody else named otherwise has no files. */
const fileName = /^(?!\.{1,2}$)[\w.-]+$/;

/** What one program reads and writes. */
export interface ProgramFiles {
  readonly stdin: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** The files of tasks that ran without a terminal: a folder for each task, in it three files for each run. */
export class RunFiles {
  readonly #folder: string;

  constructor(home: Pick<TallyHome, "tasks">) {
    this.#folder = home.tasks;
  }

  of(taskId: string, runId: string): ProgramFiles {
    const named = (what: string) => join(this.#folderOf(taskId), `${runId}.${what}`);
    return { stdin: named("stdin"), stdout: named("stdout"), stderr: named("stderr") };
  }

  /** Writes what the program is to read; what it writes is made anew when it starts. */
  writeStdin(taskId: string, runId: string, text: string): ProgramFiles {
    const files = this.of(taskId, runId);
    mkdirSync(this.#folderOf(taskId), { recursive: true, mode: 0o700 });
    rmSync(files.stdin, { force: true });
    writeFileSync(files.stdin, text, { mode: 0o600, flag: "wx" });
    return files;
  }

  /** The last 4 kB that it wrote there; empty where there is nothing. */
  async stderrEnd(taskId: string, runId: string): Promise<string> {
    let file;
    try {
      // A pipe in its place must not hang us.
      file = await open(this.of(taskId, runId).stderr, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch {
      return ""; // it was never started, or its files are gone
    }
    try {
      const { size } = await file.stat();
      const start = Math.max(0, size - STDERR_END_BYTES);
      const { bytesRead, buffer } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
      return fromWholeCharacter(buffer.subarray(0, bytesRead), start > 0).toString("utf8");
    } finally {
      await file.close();
    }
  }

  remove(taskId: string): void {
    if (!fileName.test(taskId)) return;
    rmSync(this.#folderOf(taskId), { recursive: true, force: true });
  }

  /** Removes the files of all tasks but these. */
  prune(keep: ReadonlySet<string>): void {
    let names: string[];
    try {
      names = readdirSync(this.#folder);
    } catch {
      return; // no task has had files yet
    }
    for (const name of names) if (!keep.has(name)) rmSync(join(this.#folder, name), { recursive: true, force: true });
  }

  #folderOf(taskId: string): string {
    if (!fileName.test(taskId)) throw new Error(`not an id that a folder can have: ${taskId}`);
    return join(this.#folder, taskId);
  }
}

/** Without the rest of a UTF-8 character whose beginning was cut off. */
function fromWholeCharacter(bytes: Buffer, isCut: boolean): Buffer {
  const start = isCut ? bytes.findIndex((byte) => (byte & 0xc0) !== 0x80) : 0;
  return bytes.subarray(Math.max(0, start));
}
