import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, get, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { createParser } from "eventsource-parser";
import { problemSchema, TallyError } from "../../../src/protocol/errors.ts";
import { routes, type ServerSentEvent } from "../../../src/protocol/routes.ts";
import { answerEvents } from "../../../src/server/http/event-stream.ts";
import type { RouteHandlers, RouteInput } from "../../../src/server/http/router.ts";
import { HttpServer } from "../../../src/server/http/server.ts";
import { deferred } from "../../support/deferred.ts";
import { until, untilDefined } from "../../support/until.ts";

type Handler = (input: RouteInput<"streamTask">) => AsyncIterable<unknown>;

const token = "token";
const log = { info: () => undefined, warn: () => undefined, error: () => undefined, close: () => Promise.resolve() };
const output = (text: string): ServerSentEvent => ({ event: "output", data: { entries: [{ kind: "text", text }] } });

describe("an answer that is a stream of events", () => {
  let server: HttpServer;
  let port: number;
  let handler: Handler;
  beforeEach(async () => {
    server = new HttpServer({
      token,
      log,
      onActivity: () => undefined,
      // The route of the table that answers so is asked, with what each test makes of it, and one to see that the server lives.
      routes: {
        streamTask: (input) => handler(input),
        queue: () => ({ tasks: [] }),
      } as Partial<RouteHandlers> as RouteHandlers,
      sockets: {} as never,
    });
    port = await server.listen(0);
  });
  afterEach(() => server.close());

  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const ask = async () => {
    const { method, path } = routes.streamTask;
    const outgoing = request({ port, host: "127.0.0.1", method, path, headers, agent: false });
    outgoing.on("error", () => undefined);
    outgoing.end('{"task": "Go"}');
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    answer.on("error", () => undefined);
    return answer;
  };
  /** Reads a stream as it comes. */
  const read = (answer: IncomingMessage) => {
    const told: ServerSentEvent[] = [];
    const comments: string[] = [];
    const parser = createParser({
      onEvent: ({ event = "", data }) => told.push({ event, data: JSON.parse(data) as unknown }),
      onComment: (comment) => comments.push(comment),
    });
    answer.setEncoding("utf8").on("data", (text: string) => parser.feed(text));
    return { told, comments };
  };

  it("sends each as it comes, and ends with the last", async () => {
    const goOn = deferred();
    handler = async function* () {
      yield output("first");
      await goOn.promise;
      yield output("last");
    };
    const answer = await ask();
    assert.equal(answer.headers["content-type"], "text/event-stream; charset=utf-8");
    const { told } = read(answer);
    await until(() => told.length === 1, "the first event");
    goOn.resolve();
    await once(answer, "end");
    assert.deepEqual(told, [output("first"), output("last")]);
  });

  it("is a problem document where it is refused before it begins", async () => {
    handler = () => {
      throw new TallyError("session-ended", "It has ended.");
    };
    const answer = await ask();
    assert.deepEqual([answer.statusCode, answer.headers["content-type"]], [409, "application/problem+json"]);
    answer.resume();
  });

  it("ends with a problem document where it fails on the way", async () => {
    handler = async function* () {
      yield output("first");
      await Promise.reject(new TallyError("spawn-failed", "It could not be started."));
    };
    const answer = await ask();
    const { told } = read(answer);
    await once(answer, "end");
    assert.deepEqual(
      told.map(({ event }) => event),
      ["output", "error"],
    );
    assert.equal(problemSchema.parse(told[1]?.data).code, "spawn-failed");
  });

  it("tells nothing that the route does not promise", async () => {
    handler = async function* () {
      yield { event: "output", data: { entries: [], secret: "internal" } };
      yield await Promise.resolve({ event: "gossip", data: {} });
    };
    const answer = await ask();
    const { told } = read(answer);
    await once(answer, "end");
    assert.deepEqual(told[0], { event: "output", data: { entries: [] } });
    assert.equal(problemSchema.parse(told[1]?.data).code, "internal");
  });

  it("lets go of the events, and says so, when the client goes", async () => {
    let signal: AbortSignal | undefined;
    let isReturned = false;
    handler = (input) => {
      signal = input.signal;
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => undefined),
          return: () => {
            isReturned = true;
            return Promise.resolve({ done: true, value: undefined });
          },
        }),
      };
    };
    const answer = await ask();
    answer.destroy();
    await until(() => isReturned, "the events to be let go of");
    assert.equal(signal?.aborted, true);
  });

  it("asks for no event while the client does not take what there is", async () => {
    const megabyte = "x".repeat(1024 * 1024);
    let asked = 0;
    handler = async function* () {
      for (; asked < 100; asked++) yield await Promise.resolve(output(megabyte));
    };
    const answer = await ask();
    await until(() => asked > 0, "the first to be asked for");
    // The gateway has all the time it wants to ask for more.
    for (let each = 0; each < 100; each++) await once(get({ port, path: "/v1/queue", headers }), "response");
    assert.ok(asked < 50, `${asked} were asked for`);
    answer.destroy();
  });

  it("ends when the gateway stops, and does not keep it from stopping", async () => {
    let signal: AbortSignal | undefined;
    handler = async function* (input) {
      signal = input.signal;
      yield output("first");
      await new Promise(() => undefined);
    };
    const answer = await ask();
    const { told } = read(answer);
    await until(() => told.length === 1, "the first event");
    await Promise.all([once(answer, "end"), server.close()]);
    assert.equal(signal?.aborted, true);
  });

  it("shows that it lives while there is nothing to tell", async () => {
    const stop = new AbortController();
    const silent = createServer((_request, response) => {
      void answerEvents(
        response,
        { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) },
        {
          status: 200,
          signal: stop.signal,
          eventOf: (value) => value as ServerSentEvent,
          failureOf: (error) => error as TallyError,
          heartbeatMs: 5,
        },
      );
    }).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const [answer] = (await once(get({ port: (silent.address() as AddressInfo).port }), "response")) as [
      IncomingMessage,
    ];
    const { comments } = read(answer);
    await untilDefined(() => comments[1], "two signs of life");
    stop.abort();
    await once(answer, "end");
    silent.close();
  });
});
