import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import xterm from "@xterm/headless";
import { WebSocket } from "ws";
import type { GatewayClient } from "../../../src/client/http.ts";
import { TerminalView } from "../../../src/client/terminal-view.ts";
import { type ErrorCode, TallyError } from "../../../src/protocol/errors.ts";
import type { TerminalMessage } from "../../../src/protocol/terminal.ts";
import { untilDefined } from "../../support/until.ts";

/** The gateway's end of one connection. */
class Connection extends EventEmitter {
  readyState: number = WebSocket.OPEN;
  readonly typed: string[] = [];
  send(data: Buffer | string): void {
    if (typeof data !== "string") this.typed.push(data.toString());
  }
  close(): void {}
  terminate(): void {}

  open(): this {
    this.emit("open");
    return this.tell({ type: "size", cols: 40, rows: 8 });
  }

  write(text: string): this {
    this.emit("message", Buffer.from(text), true);
    return this;
  }

  tell(message: TerminalMessage): this {
    this.emit("message", Buffer.from(JSON.stringify(message)), false);
    return this;
  }

  lose(): void {
    this.readyState = WebSocket.CLOSED;
    this.emit("close", 1006);
  }

  /** As a gateway that does not let us in. */
  refuse(code: ErrorCode): void {
    const problem = new TallyError(code, "No.").toProblem();
    this.emit("unexpected-response", {}, Readable.from([Buffer.from(JSON.stringify(problem))]));
  }
}

describe("a view whose connection was lost", () => {
  let terminal: xterm.Terminal;
  let view: TerminalView;
  let connections: Connection[];
  let failures: TallyError[];
  beforeEach(() => {
    terminal = new xterm.Terminal({ cols: 40, rows: 8, allowProposedApi: true });
    connections = [];
    failures = [];
    const client = {
      socket: () => {
        const connection = new Connection();
        connections.push(connection);
        return Promise.resolve(connection);
      },
      forgetEndpoint: () => undefined,
    };
    view = new TerminalView({
      client: client as unknown as GatewayClient,
      sessionId: "session1",
      cols: 40,
      rows: 8,
      answersQueries: true,
      onData: (bytes) => terminal.write(bytes),
      onSnapshot: ({ data }) => terminal.write(`\x1bc${data}`),
      onSize: () => undefined,
      onExit: () => undefined,
      onConnection: () => undefined,
      onFailure: (error) => failures.push(error),
    });
  });
  afterEach(() => {
    assert.deepEqual(failures, []);
    view.dispose();
    terminal.dispose();
  });

  const connection = (number: number) =>
    untilDefined(() => {
      const made = connections[number];
      return made && made.listenerCount("close") > 0 ? made : undefined;
    }, `connection ${number}`);
  const rows = async () => {
    await new Promise<void>((resolve) => terminal.write("", resolve));
    const { active } = terminal.buffer;
    return [0, 1, 2, 3].map((y) => active.getLine(active.baseY + y)?.translateToString(true));
  };
  const cutOff = async (written: string) => {
    const first = await connection(0);
    first.open().write(written).lose();
    return connection(1);
  };

  it("shows what another program writes in a new terminal below what the one before had written", async () => {
    const second = await cutOff("one\r\n> ");
    second.open().write("\u256d\u2500\u256e\r\n").write("> ");
    assert.deepEqual(await rows(), ["one", "> ", "\u256d\u2500\u256e", "> "]);
  });

  for (const [left, written] of Object.entries({
    "the alternate screen": "one\r\ntwo\x1b[?1049h\x1b[5;5Hmenu",
    "a scroll region": "one\r\ntwo\x1b[1;2r\x1b[2;4H",
    "colours and a hidden cursor": "one\r\n\x1b[31;44m\x1b[?25ltwo",
    "reports of mouse, focus and paste": "one\r\ntwo\x1b[?1003h\x1b[?1006h\x1b[?1004h\x1b[?2004h",
    "a sequence that had no end": "one\r\ntwo\x1b]0;half a ti",
  })) {
    it(`undoes ${left} before that`, async () => {
      const second = await cutOff(written);
      second.open().write("three");
      assert.deepEqual((await rows()).slice(0, 3), ["one", "two", "three"]);
      const cell = terminal.buffer.active.getLine(2)?.getCell(0);
      assert.ok(cell?.isAttributeDefault());
      const { modes } = new xterm.Terminal({ allowProposedApi: true });
      assert.deepEqual(terminal.modes, modes);
    });
  }

  it("shows the same terminal as that is", async () => {
    const second = await cutOff("one\r\n> ");
    second.open().tell({ type: "snapshot", cols: 40, rows: 8, data: "one\r\n> ", why: "attach" }).write("two");
    assert.deepEqual(await rows(), ["one", "> two", "", ""]);
  });

  it("begins where it is when nothing was written before", async () => {
    const first = await connection(0);
    first.open().lose();
    (await connection(1)).open().write("one");
    assert.deepEqual(await rows(), ["one", "", "", ""]);
  });

  it("looks for its gateway anew when another's has come to listen there", async () => {
    (await cutOff("one")).refuse("unauthorized");
    view.write(Buffer.from("typed"));
    const third = await connection(2);
    third.open();
    assert.deepEqual(third.typed, ["typed"]);
  });

  it("keeps what is typed until a terminal is there to take it", async () => {
    const second = await cutOff("one");
    view.write(Buffer.from("early"));
    second.emit("open");
    view.write(Buffer.from(", and late"));
    second.lose();
    const third = await connection(2);
    third.open();
    view.write(Buffer.from("!"));
    assert.deepEqual([second.typed, third.typed], [[], ["early", ", and late", "!"]]);
  });

  it("keeps what is typed while the connection is closing", async () => {
    const second = await cutOff("one");
    second.open().readyState = WebSocket.CLOSING;
    view.write(Buffer.from("typed"));
    second.lose();
    const third = await connection(2);
    third.open();
    assert.deepEqual([second.typed, third.typed], [[], ["typed"]]);
  });
});
