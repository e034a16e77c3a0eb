import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Read, Signal } from "../../../src/server/agents/reading.ts";
import { callAnswer, watchStream } from "../../../src/server/signals/watch-stream.ts";
import { until } from "../../support/until.ts";

const sayAs =
  (who: string): Read =>
  (value) => [{ type: "model", model: `${who} ${JSON.stringify(value)}` }];

/** An agent's server on loopback: each event stream that is opened waits in `streams` for what the test writes. */
class AgentServer {
  readonly streams: ServerResponse[] = [];
  readonly requests: IncomingMessage[] = [];
  #server: Server | undefined;
  port = 0;

  async start(answer: (response: ServerResponse, request: IncomingMessage) => void = () => undefined): Promise<void> {
    const server = createServer((request, response) => {
      this.requests.push(request);
      if (request.url !== "/event") {
        answer(response, request);
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" }).flushHeaders();
      this.streams.push(response);
    });
    this.#server = server;
    server.listen(this.port, "127.0.0.1");
    await once(server, "listening");
    this.port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (!this.#server?.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }
}

describe("An agent's server", () => {
  let server: AgentServer;
  let signals: Signal[];
  let warnings: string[];
  let watched: { dispose(): void }[];

  beforeEach(() => {
    server = new AgentServer();
    [signals, warnings, watched] = [[], [], []];
  });
  afterEach(async () => {
    for (const each of watched) each.dispose();
    await server.stop();
  });

  const watch = ({
    url = server.url("/event"),
    catchUp = [] as readonly { url: string; read: Read }[],
    reader = () => sayAs("event"),
  } = {}) => {
    const each = watchStream(
      { source: "event-stream", url, headers: { authorization: "Basic x" }, reader, catchUp },
      (signal) => void signals.push(signal),
      { warn: (message) => void warnings.push(message) },
    );
    watched.push(each);
    return each;
  };
  const models = () => signals.map(({ reading }) => (reading.type === "model" ? reading.model : reading.type));
  const said = (count: number) =>
    until(
      () => signals.length >= count,
      `${count} signals`,
      10_000,
      () => models().join(),
    );
  const connected = async (count = 1) => {
    await until(() => server.streams.length >= count, `connection ${count}`);
    return server.streams[count - 1]!;
  };

  describe("whose events are followed", () => {
    it("is read, wherever its bytes are cut, with the given headers", async () => {
      await server.start();
      watch();
      const stream = await connected();
      const bytes = Buffer.from('data: {"text":"日本"}\n\n');
      stream.write(bytes.subarray(0, 16));
      await until(() => stream.writableLength === 0, "the first part to be sent");
      stream.write(bytes.subarray(16));
      await said(1);
      assert.deepEqual(models(), ['event {"text":"日本"}']);
      assert.equal(server.requests[0]?.headers.authorization, "Basic x");
    });

    it("is awaited when it is not there yet", async () => {
      await server.start();
      await server.stop();
      watch();
      await server.start();
      (await connected()).write("data: 1\n\n");
      await said(1);
    });

    it("is connected to again, and the reader remembers", async () => {
      let count = 0;
      await server.start();
      watch({ reader: () => () => [{ type: "model", model: String((count += 1)) }] });
      const first = await connected();
      first.write("data: 1\n\n");
      await said(1);
      first.destroy();
      (await connected(2)).write("data: 2\n\n");
      await said(2);
      await server.stop();
      await server.start();
      (await connected(3)).write("data: 3\n\n");
      await said(3);
      assert.deepEqual(models(), ["1", "2", "3"]);
    });

    it("is asked on each connection what was missed", async () => {
      await server.start((response, request) => void response.end(JSON.stringify(request.url)));
      watch({ catchUp: [{ url: server.url("/permission"), read: sayAs("missed") }] });
      const first = await connected();
      await said(1);
      first.destroy();
      await connected(2);
      await said(2);
      assert.deepEqual(models(), ['missed "/permission"', 'missed "/permission"']);
    });

    it("may refuse to tell what was missed", async () => {
      await server.start((response) => void response.writeHead(404).end('"nothing"'));
      watch({ catchUp: [{ url: server.url("/permission"), read: sayAs("missed") }] });
      const stream = await connected();
      await until(() => server.requests.length === 2, "the question");
      stream.write("data: 1\n\n");
      await said(1);
      assert.deepEqual(models(), ["event 1"]);
    });

    it("may say things that are no JSON, or that the reader throws on", async () => {
      await server.start();
      watch({
        reader: () => (value) => {
          if (value === 1) throw new Error("one");
          return sayAs("event")(value);
        },
      });
      (await connected()).write("data: hello\n\ndata: 1\n\ndata: 2\n\n");
      await said(1);
      assert.deepEqual({ models: models(), warnings: warnings.length }, { models: ["event 2"], warnings: 1 });
    });

    it("is no stream of events when it answers with a page", async () => {
      let asked = 0;
      await server.start((response) => {
        asked += 1;
        response.writeHead(200, { "content-type": "text/html" }).end("data: 1\n\n");
      });
      watch({ url: server.url("/page") });
      await until(() => asked === 2, "the second try");
      assert.deepEqual(signals, []);
    });

    it("is asked again when it never answers the first time", async () => {
      let asked = 0;
      await server.start((response) => {
        asked += 1;
        if (asked === 2) response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
      });
      watch({ url: server.url("/slow-start") });
      await said(1);
      assert.equal(asked, 2);
    });

    it("is left once that is disposed", async () => {
      await server.start();
      const disposed = watch();
      const stream = await connected();
      disposed.dispose();
      await once(stream, "close");
      assert.equal(server.streams.length, 1);
    });

    for (const url of [
      "http://192.0.2.1/event",
      "http://localhost.example.com/event",
      "https://127.0.0.1/event",
      "file:///etc/passwd",
      "nonsense",
    ]) {
      it(`is never looked for at ${url}`, () => {
        watch({ url });
        assert.equal(warnings.length, 1);
      });
    }
  });

  describe("that gets an answer", () => {
    const call = (isTaken: (status: number, body: string) => boolean, url = server.url("/reply")) =>
      callAnswer({ url, headers: { authorization: "Basic x" }, body: { reply: "once" }, isTaken });

    it("gets it as JSON, and says whether it takes it", async () => {
      const bodies: unknown[] = [];
      await server.start((response, request) => {
        void text(request).then((body) => {
          bodies.push({ method: request.method, type: request.headers["content-type"], body });
          response.end("true");
        });
      });
      assert.equal(await call((status, body) => status === 200 && body === "true"), "taken");
      assert.equal(await call((_status, body) => body === "something else"), "undelivered");
      const sent = { method: "POST", type: "application/json", body: '{"reply":"once"}' };
      assert.deepEqual(bodies, [sent, sent]);
    });

    it("says that it does not ask this any more", async () => {
      await server.start((response) => void response.writeHead(404).end());
      assert.equal(await call(() => false), "refused");
    });

    it("does not take it when it is not there", async () => {
      await server.start();
      await server.stop();
      assert.equal(await call(() => true), "undelivered");
    });

    it("does not take it when it hangs up", async () => {
      await server.start((response) => void response.destroy());
      assert.equal(await call(() => true), "undelivered");
    });

    it("does not take it within the time that a person waits", async () => {
      await server.start();
      assert.equal(await call(() => true), "undelivered");
    });

    it("is not sent it anywhere but on this machine", async () => {
      assert.equal(await call(() => true, "http://192.0.2.1/reply"), "undelivered");
    });
  });
});
