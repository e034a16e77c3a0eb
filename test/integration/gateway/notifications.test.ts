import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { describe, it } from "mocha";
import type { WebSocket } from "ws";
import { GatewayClient } from "../../../src/client/http.ts";
import { LiveModel } from "../../../src/client/live-model.ts";
import {
  type EventFrame,
  eventFrameSchema,
  type NotificationPlace,
  type Presence,
} from "../../../src/protocol/events.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { NOTE_ID, startBus, type TestBus } from "../../support/notification-bus.ts";
import { until, untilDefined } from "../../support/until.ts";

describe("the gateway of a person who is away", () => {
  let bus: TestBus;
  let gateway: TestGateway;
  beforeEach(async () => {
    bus = await startBus();
    gateway = await startTestGateway({ DBUS_SESSION_BUS_ADDRESS: bus.address });
  });
  afterEach(async () => {
    await gateway.dispose();
    await bus.stop();
  });

  /** A program that says it waits, until it is ended. */
  const startWaiting = () => {
    const says = "printf '\\033]7501;state=blocked:app=demo:kind=permission\\007'; sleep 60";
    return gateway.createSession({ args: ["sh", "-c", says], title: "Fix the cart" });
  };

  it("tells them on the desktop that a session waits, without any window, and takes it back", async () => {
    const told = await bus.serve([]);
    const session = await startWaiting();
    await until(() => told.length > 0, "a notification");
    assert.deepEqual(told, [
      { replaces: 0, title: "Fix the cart waits for you", body: "command: demo waits for you." },
    ]);
    await gateway.client.call("endSession", { id: session.id, body: { force: true } });
    await until(() => told.length > 1, "the notification to be taken back");
    assert.deepEqual(told.slice(1), [{ closed: NOTE_ID }]);
  });

  it("tells them on the desktop that a pause begins, and that it has ended", async () => {
    const told = await bus.serve([]);
    const account = { agent: "demo", cwd: gateway.home.root, env: gateway.env };
    const { pause } = await gateway.client.call("startPause", { body: { account } });
    await until(() => told.length > 0, "a notification");
    assert.deepEqual(told, [{ replaces: 0, title: `${pause.label} is paused`, body: "Paused until it is lifted." }]);
    await gateway.client.call("endPause", { id: pause.id });
    await until(() => told.length > 2, "the next one");
    assert.deepEqual(told.slice(1), [
      { closed: NOTE_ID },
      { replaces: 0, title: `${pause.label} goes on`, body: "The pause is over." },
    ]);
  });
});

describe("the windows of a person", () => {
  let gateway: TestGateway;
  before(async () => (gateway = await startTestGateway()));
  after(() => gateway.dispose());

  it("hear which of them is the foremost", async () => {
    const [first, second] = [await openWindow(gateway), await openWindow(gateway)];
    first.say({ isFocused: true });
    await until(() => first.isForemost(), "the first to be the foremost");
    second.say({ isFocused: true });
    await until(() => second.isForemost() && !first.isForemost(), "the second to be the foremost");
    second.close();
    await until(() => first.isForemost(), "the first to be it again");
    first.close();
  });

  it("tell the next gateway too where the person is", async () => {
    const locate = () => Promise.resolve(gateway.endpoint);
    const live = new LiveModel({
      client: new GatewayClient(locate, () => delay(20)),
      onModel: () => undefined,
      onConnection: () => undefined,
    });
    live.say({ type: "presence", isFocused: true, frontSessionId: null, notifications: "both" });
    await until(() => live.isForemost === true, "the gateway to hear it");
    await gateway.crash();
    await until(() => live.isForemost === null, "the window to miss the gateway");
    await gateway.restart();
    await until(() => live.isForemost === true, "the next gateway to hear it");
    live.dispose();
  });

  it("may say what they want without harm", async () => {
    const window = await openWindow(gateway);
    for (const nonsense of ["", "{", "null", JSON.stringify({ type: "presence" }), "x".repeat(10_000)]) {
      window.socket.send(nonsense);
    }
    window.say({ isFocused: true });
    await until(() => window.isForemost(), "the gateway to go on listening");
    window.close();
  });
});

interface Window {
  readonly socket: WebSocket;
  say(fields: Partial<Presence>): void;
  isForemost(): boolean;
  close(): void;
}

/** What a window of the editor is to the gateway. */
async function openWindow({ client }: TestGateway): Promise<Window> {
  const socket = await client.socket("events");
  const frames: EventFrame[] = [];
  socket.on("message", (data) => frames.push(eventFrameSchema.parse(JSON.parse((data as Buffer).toString("utf8")))));
  await untilDefined(() => frames[0], "the first frame");
  const notifications: NotificationPlace = "both";
  return {
    socket,
    say: (fields) => {
      const presence: Presence = { type: "presence", isFocused: false, frontSessionId: null, notifications };
      socket.send(JSON.stringify({ ...presence, ...fields }));
    },
    isForemost: () => {
      const last = frames.findLast((frame) => frame.type === "foremost");
      return last?.type === "foremost" && last.isForemost;
    },
    close: () => socket.close(),
  };
}
