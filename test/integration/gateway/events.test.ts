import assert from "node:assert/strict";
import { once } from "node:events";
import { LiveModel } from "../../../src/client/live-model.ts";
import { type EventFrame, eventFrameSchema } from "../../../src/protocol/events.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { until, untilDefined } from "../../support/until.ts";

describe("the event stream", () => {
  let gateway: TestGateway;
  before(async () => (gateway = await startTestGateway()));
  after(() => gateway.dispose());

  const report = (id: string) =>
    gateway.client.call("upsertTask", {
      body: { project: { repoPath: gateway.home.root }, task: { id, agent: "custom" } },
    });

  /** Follows the stream from what was seen; `next()` is the next frame. */
  async function follow(seen: { since?: number; store?: string } = {}) {
    const socket = await gateway.client.socket("events", { query: seen });
    const frames: EventFrame[] = [];
    socket.on("message", (data) => {
      frames.push(eventFrameSchema.parse(JSON.parse((data as Buffer).toString("utf8"))));
    });
    return { next: () => untilDefined(() => frames.shift(), "a frame"), close: () => socket.close() };
  }

  it("begins with a snapshot for a client that knows nothing, then tells what happens", async () => {
    await report("first");
    const stream = await follow();
    const snapshot = await stream.next();
    assert.ok(snapshot.type === "snapshot" && snapshot.snapshot.tasks.some(({ id }) => id === "first"));
    await report("second");
    const event = await stream.next();
    assert.ok(event.type === "events" && event.events[0]?.change.type === "task.changed");
    stream.close();
  });

  it("begins with what a client missed, exactly, when it says what it saw last", async () => {
    const { seq } = await gateway.client.call("snapshot", {});
    await report("missed-1");
    await report("missed-2");
    const stream = await follow({ since: seq });
    const missed = await stream.next();
    assert.ok(missed.type === "events");
    assert.deepEqual(
      missed.events.map(({ seq: at, change }) => [at, change.type === "task.changed" ? change.task.id : ""]),
      [
        [seq + 1, "missed-1"],
        [seq + 2, "missed-2"],
      ],
    );
    stream.close();
  });

  it("begins with nothing for a client that is up to date, and with a snapshot for one of another store", async () => {
    const { seq } = await gateway.client.call("snapshot", {});
    const current = await follow({ since: seq });
    assert.deepEqual(await current.next(), { type: "events", events: [] });
    current.close();
    for (const seen of [{ since: seq + 1_000 }, { since: seq, store: "another" }]) {
      const stranger = await follow(seen);
      assert.equal((await stranger.next()).type, "snapshot");
      stranger.close();
    }
  });

  it("is followed by a window whose listener fails, and the failure is heard of", async () => {
    const live = new LiveModel({
      client: gateway.client,
      onModel: (_model, changes) => {
        if (changes) throw new Error("a listener's own");
      },
      onConnection: () => undefined,
    });
    await until(() => live.connection === "connected", "the window to be connected");
    const failure = uncaughtException();
    await report("thrown-at");
    assert.equal((await failure).message, "a listener's own");
    const next = uncaughtException();
    await report("after-that");
    await next;
    assert.ok(live.model.tasks.has("after-that"));
    live.dispose();
  });
});

/** The next one, which otherwise would end the test. */
async function uncaughtException(): Promise<Error> {
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  try {
    return ((await once(process, "uncaughtException")) as [Error])[0];
  } finally {
    for (const listener of listeners) process.on("uncaughtException", listener);
  }
}
