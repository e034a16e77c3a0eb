import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TallyHome } from "../../src/protocol/home.ts";
import { statFields } from "../../src/protocol/proc-stat.ts";
import { version } from "../../src/protocol/version.ts";
import { PtyHosts } from "../../src/server/sessions/pty-hosts.ts";
import type { RunOutput } from "../../src/server/tasks/run-output.ts";
import { type RunProgram, RunPrograms, type RunState, runIdOf } from "../../src/server/tasks/run-programs.ts";
import { ptyHostPids, testHome } from "./gateway.ts";
import { entryOf } from "./programs.ts";
import { until, untilDefined } from "./until.ts";

/** The programs of headless tasks: real pty hosts and processes; the part of the gateway that looks after them runs in the test. */
export class TestRuns {
  readonly #place: Awaited<ReturnType<typeof testHome>>;
  readonly warnings: string[] = [];
  /** The runs that were told to have changed, in order. */
  readonly changes: string[] = [];
  #followed: RunOutput[] = [];
  programs!: RunPrograms;
  #hosts!: PtyHosts;

  static async start(): Promise<TestRuns> {
    const place = await testHome();
    await mkdir(place.home.root, { recursive: true });
    const tested = new TestRuns(place);
    await tested.#begin();
    return tested;
  }

  private constructor(place: Awaited<ReturnType<typeof testHome>>) {
    this.#place = place;
  }

  get home(): TallyHome {
    return this.#place.home;
  }

  /** Where programs run, and the folder of their tasks' files. */
  get folders(): { readonly cwd: string; readonly tasks: string } {
    return { cwd: this.#place.env["HOME"] ?? "", tasks: this.#place.home.tasks };
  }

  /** Starts a node script as the first attempt at a task. */
  startNode(taskId: string, script: string, more: Partial<RunProgram> = {}): Promise<{ pid: number | null }> {
    return this.programs.start({
      runId: runIdOf(taskId, 1),
      taskId,
      file: process.execPath,
      args: ["-e", script],
      cwd: this.folders.cwd,
      env: { ...this.#place.env },
      stdin: "",
      ...more,
    });
  }

  /** The lines that the task's program writes, as they come. */
  linesOf(taskId: string): { readonly lines: string[]; readonly output: RunOutput } {
    const lines: string[] = [];
    const output = this.programs.follow(taskId, 1, (line) => lines.push(line));
    this.#followed.push(output);
    return { lines, output };
  }

  untilState(taskId: string, state: RunState): Promise<void> {
    const now = () => this.programs.state(runIdOf(taskId, 1));
    return until(() => now() === state, `task ${taskId} to be ${state}`, undefined, now);
  }

  /** The process id that a program has written into this file. */
  pidIn(name: string): Promise<number> {
    return untilDefined(
      async () => Number(await readFile(join(this.folders.cwd, name), "utf8").catch(() => "")) || undefined,
      `a process id in ${name}`,
    );
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folders.cwd, name), text);
  }

  /** The gateway goes without a word, another one comes. `meanwhile`: what happens while none runs. */
  async replaceGateway(meanwhile: () => void | Promise<void> = () => undefined): Promise<void> {
    this.#end();
    await meanwhile();
    await this.#begin();
  }

  /** A gateway that has lost its host for a moment may have started another one. */
  hostPids(): Promise<number[]> {
    return ptyHostPids(this.#place.home);
  }

  async abandonAll(): Promise<void> {
    await Promise.all(this.programs.known.map((runId) => this.programs.abandon(runId)));
  }

  async dispose(): Promise<void> {
    await this.abandonAll();
    this.#end();
    await this.#place.dispose();
  }

  async #begin(): Promise<void> {
    const { home } = this.#place;
    const log = {
      info: () => {},
      warn: (message: string) => void this.warnings.push(message),
      error: () => {},
      close: () => Promise.resolve(),
    };
    this.#hosts = new PtyHosts({
      home,
      log,
      entry: entryOf("ptyHost"),
      execPath: process.execPath,
      version,
      onChanged: (pty) => this.programs.ptyChanged(pty),
      onSettled: () => undefined,
    });
    this.programs = new RunPrograms({
      ptyHosts: this.#hosts,
      home,
      log,
      onChanged: (runId) => void this.changes.push(runId),
    });
    for (const pty of await this.#hosts.discover()) this.programs.ptyChanged(pty);
  }

  #end(): void {
    for (const output of this.#followed) output.close();
    this.#followed = [];
    this.#hosts.stop();
  }
}

/** Whether a process does nothing more, be it that nobody has taken notice yet. Linux only. */
export async function hasEnded(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => null);
  return stat === null || statFields(stat)[0] === "Z";
}
