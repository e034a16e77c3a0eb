import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { tallyHome, type TallyHome } from "../../src/protocol/home.ts";
import {
  ptyHostFileSchema,
  ptyHostMessageSchema,
  ptyHostMethods,
  type PtyHostFile,
  type PtyHostMethod,
  type PtyHostParams,
  type PtyHostResult,
  type PtyInfo,
} from "../../src/protocol/ptyhost.ts";
import { terminalMessageSchema, type TerminalMessage, type ViewerMessage } from "../../src/protocol/terminal.ts";
import { entryOf } from "./programs.ts";
import { until, untilDefined } from "./until.ts";

export interface TestPtyHostOptions {
  /** How long the host stays without a pty and a control connection. */
  readonly graceMs?: number;
}

/** A real pty host with a `TALLY_HOME` of its own, and one control connection to it. */
export interface TestPtyHost {
  readonly home: TallyHome;
  readonly file: PtyHostFile;
  readonly child: ChildProcess;
  readonly control: TestControl;
  connectControl(): Promise<TestControl>;
  /** Starts `script` with sh, in the host's own test folder; the last parameters override what `create` gets. */
  createShell(script: string, overrides?: Partial<PtyHostParams<"create">>): Promise<PtyInfo>;
  /** Runs `script` with sh in place of the program that the pty has. */
  replaceWithShell(
    ptyId: string,
    generation: number,
    script: string,
    overrides?: Partial<PtyHostParams<"replace">>,
  ): Promise<PtyHostResult<"replace">>;
  attachViewer(ptyId: string, options?: TestViewerOptions): Promise<TestViewer>;
  /** Ends the host and removes its folders. Throws when it left its socket or its discovery file. */
  dispose(): Promise<void>;
}

export async function startTestPtyHost({ graceMs = 30_000 }: TestPtyHostOptions = {}): Promise<TestPtyHost> {
  const folder = mkdtempSync(join(tmpdir(), "tally-ptyhost-"));
  const env = { PATH: process.env["PATH"], TALLY_HOME: folder, TALLY_PTYHOST_GRACE_MS: String(graceMs) };
  const home = tallyHome({ ...env, XDG_RUNTIME_DIR: undefined });
  const child = spawn(process.execPath, [entryOf("ptyHost")], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  const file = await untilDefined(() => readDiscoveryFile(home), "the pty host's discovery file");
  const connectControl = () => TestControl.connect(file);
  const control = await connectControl();
  let ptys = 0;

  return {
    home,
    file,
    child,
    control,
    connectControl,
    createShell: (script, overrides = {}) =>
      control.call("create", {
        ptyId: `pty-${++ptys}`,
        file: "/bin/sh",
        args: ["-c", script],
        cwd: folder,
        env: { PATH: process.env["PATH"] ?? "", HOME: folder },
        cols: 80,
        rows: 24,
        awaitViewerMs: 0,
        hold: false,
        ...overrides,
      }),
    replaceWithShell: (ptyId, generation, script, overrides = {}) =>
      control.call("replace", { ...shellReplacement(ptyId, generation, script), ...overrides }),
    attachViewer: (ptyId, options) => TestViewer.attach(file, ptyId, options),
    dispose: async () => {
      if (child.exitCode === null) child.kill("SIGTERM");
      await exited;
      const left = [file.socketPath, ...(existsSync(home.ptyHosts) ? readdirSync(home.ptyHosts) : [])].filter(
        (path) => path !== file.socketPath || existsSync(path),
      );
      rmSync(home.root, { recursive: true, force: true });
      rmSync(home.sockets, { recursive: true, force: true });
      if (left.length > 0) throw new Error(`the pty host left behind: ${left.join(", ")}`);
    },
  };
}

/** A program that takes the place of another, which has as long to end as it likes. */
export function shellReplacement(ptyId: string, generation: number, script: string): PtyHostParams<"replace"> {
  return {
    ptyId,
    generation,
    file: "/bin/sh",
    args: ["-c", script],
    env: {},
    graceMs: 60_000,
    unlessInputWithinMs: 0,
  };
}

function readDiscoveryFile(home: TallyHome): PtyHostFile | undefined {
  if (!existsSync(home.ptyHosts)) return undefined;
  const name = readdirSync(home.ptyHosts).find((each) => each.endsWith(".json"));
  return name ? ptyHostFileSchema.parse(JSON.parse(readFileSync(join(home.ptyHosts, name), "utf8"))) : undefined;
}

/** Opens a socket of the host. Rejects with what refused it. */
export async function openHostSocket(file: PtyHostFile, path: string, token = file.token): Promise<WebSocket> {
  const socket = new WebSocket(`ws+unix:${file.socketPath}:${path}`, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  await once(socket, "open");
  return socket;
}

/** A gateway's side of the control protocol. */
export class TestControl {
  /** The latest info of each pty that a `changed` message told. */
  readonly changed = new Map<string, PtyInfo>();
  /** Every `changed` message, in order. */
  readonly changes: PtyInfo[] = [];
  readonly socket: WebSocket;
  readonly #answers = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #lastId = 0;

  static async connect(file: PtyHostFile): Promise<TestControl> {
    return new TestControl(await openHostSocket(file, "/control"));
  }

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: Buffer) => {
      const message = ptyHostMessageSchema.parse(JSON.parse(data.toString()));
      if (message.type === "changed") {
        this.changed.set(message.pty.ptyId, message.pty);
        this.changes.push(message.pty);
      } else if (message.type === "result") {
        this.#answers.get(message.id)?.resolve(message.result);
      } else {
        this.#answers.get(message.id)?.reject(new Error(`${message.code}: ${message.message}`));
      }
    });
  }

  /** Sends a request; rejects with `<code>: <message>`. */
  async call<M extends PtyHostMethod>(method: M, params: PtyHostParams<M>): Promise<PtyHostResult<M>> {
    const id = ++this.#lastId;
    const result = await new Promise<unknown>((resolve, reject) => {
      this.#answers.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
    return ptyHostMethods[method].result.parse(result) as PtyHostResult<M>;
  }

  /** The pty's info once it has exited. */
  exited(ptyId: string): Promise<PtyInfo> {
    return untilDefined(() => {
      const info = this.changed.get(ptyId);
      return info?.phase === "exited" ? info : undefined;
    }, `the exit of ${ptyId}`);
  }

  close(): void {
    this.socket.close();
  }
}

export interface TestViewerOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly answersQueries?: boolean;
  /** Acknowledge all that comes. Without, the test does it, or does not. */
  readonly acks?: boolean;
}

/** A viewer that keeps what it gets. */
export class TestViewer {
  readonly messages: TerminalMessage[] = [];
  readonly frames: Buffer[] = [];
  /** Messages and frames in the order in which they came. */
  readonly received: (TerminalMessage | Buffer)[] = [];
  readonly socket: WebSocket;
  closed: { code: number; reason: string } | null = null;
  acks: boolean;
  #bytes = 0;

  static async attach(file: PtyHostFile, ptyId: string, options: TestViewerOptions = {}): Promise<TestViewer> {
    const { cols = 80, rows = 24, answersQueries = false, acks = true } = options;
    const path = `/ptys/${encodeURIComponent(ptyId)}/terminal`;
    const viewer = new TestViewer(await openHostSocket(file, path), acks);
    viewer.send({ type: "attach", cols, rows, answersQueries });
    await viewer.untilMessage("size");
    return viewer;
  }

  private constructor(socket: WebSocket, acks: boolean) {
    this.socket = socket;
    this.acks = acks;
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) this.#take(data, data.length);
      else this.#takeMessage(terminalMessageSchema.parse(JSON.parse(data.toString())));
    });
    socket.on("close", (code, reason) => (this.closed = { code, reason: reason.toString() }));
  }

  /** All bytes of the stream so far, snapshots not included. */
  get bytes(): Buffer {
    return Buffer.concat(this.frames);
  }

  /** How many bytes of frames and snapshots came. */
  get receivedBytes(): number {
    return this.#bytes;
  }

  get text(): string {
    return this.bytes.toString();
  }

  message<T extends TerminalMessage["type"]>(type: T): Extract<TerminalMessage, { type: T }> | undefined {
    return this.messages.findLast((message): message is Extract<TerminalMessage, { type: T }> => message.type === type);
  }

  send(message: ViewerMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  type(text: string): void {
    this.socket.send(Buffer.from(text));
  }

  async untilText(text: string): Promise<void> {
    await until(
      () => this.text.includes(text),
      `${JSON.stringify(text)} in the stream`,
      undefined,
      () => this.text.slice(-500),
    );
  }

  async untilMessage<T extends TerminalMessage["type"]>(type: T): Promise<Extract<TerminalMessage, { type: T }>> {
    return untilDefined(() => this.message(type), `a ${type} message`);
  }

  async untilClosed(): Promise<{ code: number; reason: string }> {
    return untilDefined(() => this.closed ?? undefined, "the end of the socket");
  }

  close(): void {
    this.socket.close();
  }

  #takeMessage(message: TerminalMessage): void {
    this.messages.push(message);
    this.received.push(message);
    if (message.type === "snapshot") this.#count(Buffer.byteLength(message.data));
  }

  #take(frame: Buffer, bytes: number): void {
    this.frames.push(frame);
    this.received.push(frame);
    this.#count(bytes);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.acks) this.send({ type: "ack", bytes });
  }
}
