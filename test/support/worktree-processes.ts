import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import type { Worktree } from "../../src/protocol/entities.ts";
import { type PtyHostFile, ptyHostFileSchema } from "../../src/protocol/ptyhost.ts";
import { version } from "../../src/protocol/version.ts";
import { recipeOf, tallyJsonSchema } from "../../src/protocol/tally-json.ts";
import type { HelperProcess, ProcessState } from "../../src/protocol/worktrees.ts";
import type { Log } from "../../src/server/log.ts";
import { PtyHosts } from "../../src/server/sessions/pty-hosts.ts";
import { openDatabase } from "../../src/server/store/database.ts";
import { Store } from "../../src/server/store/store.ts";
import { Processes } from "../../src/server/worktrees/processes/processes.ts";
import { aProject, aWorktree } from "./entities.ts";
import { ptyHostPids, testHome } from "./gateway.ts";
import { entryOf } from "./programs.ts";
import { until, untilDefined } from "./until.ts";

const silent: Log = { info: () => {}, warn: () => {}, error: () => {}, close: () => Promise.resolve() };

/** Answers on its port, says where it is, and writes its process id into the folder's `pids`. */
const SERVER = `
require("node:fs").appendFileSync("pids", process.pid + "\\n");
const port = Number(process.env.TALLY_PORT_BACKEND);
require("node:http").createServer((_, answer) => answer.end("hello")).listen(port, "127.0.0.1", () => console.log("serving " + port));
`;

export interface TestProcessesOptions {
  readonly startTimeoutMs?: number;
  /** How long programs may take to end. */
  readonly graceMs?: number;
}

/** A worktree with processes of its own: real pty hosts, ports and shells; the part of the gateway that looks after them runs in the test. */
export class TestProcesses {
  readonly #place: Awaited<ReturnType<typeof testHome>>;
  readonly #options: Required<TestProcessesOptions>;
  readonly worktree: Worktree;
  readonly port: number;
  store!: Store;
  processes!: Processes;
  #hosts!: PtyHosts;

  static async start({ startTimeoutMs = 20_000, graceMs = 500 }: TestProcessesOptions = {}): Promise<TestProcesses> {
    const place = await testHome();
    const path = join(place.home.root, "..", "shop-feature-payment");
    await mkdir(path, { recursive: true });
    await mkdir(place.home.root, { recursive: true });
    await writeFile(join(path, "server.cjs"), SERVER);
    const tested = new TestProcesses(place, { startTimeoutMs, graceMs }, path, await freePort());
    await tested.#begin();
    tested.store.change((transaction) => {
      transaction.putProject(aProject({ path: join(path, "..", "shop") }), { givenName: null });
      transaction.putWorktree(tested.worktree);
    });
    return tested;
  }

  private constructor(
    place: Awaited<ReturnType<typeof testHome>>,
    options: Required<TestProcessesOptions>,
    path: string,
    port: number,
  ) {
    this.#place = place;
    this.#options = options;
    this.port = port;
    this.worktree = aWorktree({ path, ports: [{ name: "backend", port }] });
  }

  /** What a person's terminal gives. */
  get env(): Record<string, string> {
    return { ...this.#place.env, SHELL: "/bin/bash" };
  }

  get homeFolder(): string {
    return this.#place.env["HOME"] ?? "";
  }

  /** Takes this for the worktree's tally.json, where only what is given is not as usual. */
  describe(content: Record<string, unknown>): void {
    const recipe = recipeOf(tallyJsonSchema.parse({ ports: ["backend"], ...content }));
    this.processes.describe(this.worktree, recipe);
  }

  /** Makes a process of this shell line, and starts it. */
  async start(name: string, run: string, more: Record<string, unknown> = {}): Promise<HelperProcess> {
    this.describe({ processes: { [name]: { run, ...more } } });
    return this.processes.start(this.named(name).id, this.env);
  }

  named(name: string): HelperProcess {
    const process = this.store.processes().find((each) => each.name === name);
    if (process) return process;
    throw new Error(`there is no process ${name}`);
  }

  async untilState(name: string, state: ProcessState): Promise<HelperProcess> {
    const now = () => this.store.processes().find((each) => each.name === name);
    return untilDefined(
      () => (now()?.state === state ? now() : undefined),
      `${name} to be ${state}`,
      undefined,
      () => `${now()?.state ?? "gone"}: ${now()?.reason ?? ""}`,
    );
  }

  async untilReason(name: string, reason: RegExp): Promise<HelperProcess> {
    await until(
      () => reason.test(this.named(name).reason),
      `${name}: ${reason}`,
      undefined,
      () => this.named(name).reason,
    );
    return this.named(name);
  }

  async output(name: string): Promise<string> {
    return (await this.processes.output(this.named(name).id, "text")).data;
  }

  async untilOutput(name: string, text: string): Promise<void> {
    await until(async () => (await this.output(name)).includes(text), `${text} on the terminal of ${name}`);
  }

  /** The ids of all servers that ever ran. */
  async serverPids(): Promise<number[]> {
    const pids = await readFile(join(this.worktree.path, "pids"), "utf8").catch(() => "");
    return pids
      .split("\n")
      .filter((line) => line !== "")
      .map(Number);
  }

  async hostFile(): Promise<PtyHostFile> {
    const [pid] = await ptyHostPids(this.#place.home);
    return ptyHostFileSchema.parse(
      JSON.parse(await readFile(join(this.#place.home.ptyHosts, `${pid ?? 0}.json`), "utf8")),
    );
  }

  /** The gateway goes without a word, another one comes. `meanwhile`: what happens while none runs. */
  async replaceGateway(meanwhile: () => void | Promise<void> = () => undefined): Promise<void> {
    this.#end();
    await meanwhile();
    await this.#begin();
  }

  async dispose(): Promise<void> {
    this.#end();
    await this.#place.dispose();
  }

  async #begin(): Promise<void> {
    const { home, env } = this.#place;
    this.store = new Store(openDatabase(home.stateDb), Date.now);
    this.#hosts = new PtyHosts({
      home,
      log: silent,
      entry: entryOf("ptyHost"),
      execPath: process.execPath,
      version,
      onChanged: (pty) => this.processes.ptyChanged(pty),
      onSettled: () => this.processes.hostsSettled(),
    });
    this.processes = new Processes({
      store: this.store,
      log: silent,
      now: Date.now,
      ptyHosts: this.#hosts,
      requireApproval: () => undefined,
      env,
      ...this.#options,
    });
    for (const pty of await this.#hosts.discover()) this.processes.ptyChanged(pty);
    this.processes.recover();
  }

  #end(): void {
    this.processes.stopWatching();
    this.#hosts.stop();
    this.store.close();
  }
}

/** A port that nobody has just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
