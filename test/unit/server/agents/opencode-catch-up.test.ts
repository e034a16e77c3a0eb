import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { opencodeStreams } from "../../../../src/server/agents/opencode/streams.ts";
import type { TimedReading } from "../../../../src/server/agents/reading.ts";
import { noEvidence, witness } from "../../../../src/server/sessions/state/evidence.ts";

const fixtures = join(import.meta.dirname, "../../../fixtures/agents/opencode-1.18.33");
/** What the server answered while a sub-agent waited for a permission. */
const answers = z
  .looseObject({
    session: z.looseObject({ id: z.string(), cost: z.number() }),
    children: z.array(z.unknown()),
    messages: z.array(z.unknown()),
    statuses: z.record(z.string(), z.unknown()),
    permissions: z.array(z.unknown()),
    questions: z.array(z.unknown()),
  })
  .parse(JSON.parse(readFileSync(join(fixtures, "catch-up.json"), "utf8")));
const conversation = answers.session.id;
const now = Date.UTC(2026, 10, 21, 12);

type Answers = Record<string, unknown>;

function followed(conversationId: string | null, clock = () => now) {
  const launch = { url: "http://127.0.0.1:4711", username: "opencode", password: "secret" };
  const whereabouts = { launch, cwd: "/", pid: 1, conversationId, transcriptPath: null };
  const [stream] = opencodeStreams(whereabouts, clock, "UTC");
  assert.ok(stream);
  return stream;
}

/** One connection; what is not answered, the server would not say. */
function caughtUp(stream: ReturnType<typeof followed>, given: Answers): TimedReading[] {
  return stream.catchUp.flatMap(({ url, read }) => {
    const { pathname } = new URL(url);
    return pathname in given ? read(given[pathname]) : [];
  });
}

const base = `/session/${conversation}`;
const whole: Answers = {
  [base]: answers.session,
  [`${base}/children`]: answers.children,
  [`${base}/message`]: answers.messages,
  "/session/status": answers.statuses,
  "/permission": answers.permissions,
  "/question": answers.questions,
};

describe("what opencode tells a gateway that comes in the middle", () => {
  const readings = caughtUp(followed(conversation), whole);
  const of = <T extends TimedReading["type"]>(type: T) =>
    readings.filter((reading): reading is Extract<TimedReading, { type: T }> => reading.type === type);

  it("is asked with the launch's secret", () => {
    assert.deepEqual(followed(conversation).headers, { authorization: `Basic ${btoa("opencode:secret")}` });
  });

  it("is that it works, and what its sub-agent asks", () => {
    assert.deepEqual(
      of("activity").map(({ activity }) => activity),
      ["working"],
    );
    assert.deepEqual(
      of("request").map(({ request }) => request.title),
      ["bash: touch made"],
    );
    assert.deepEqual(
      of("background").map(({ work }) => work),
      [["Look around (@general subagent)"]],
    );
  });

  it("is every prompt of the conversation, once, with the time it was given", () => {
    const prompts = of("prompt");
    assert.equal(prompts[0]?.text, "make file");
    assert.equal(prompts.at(-1)?.text, "look around");
    assert.equal(new Set(prompts.map(({ key }) => key)).size, prompts.length);
    assert.deepEqual(
      prompts.map(({ at }) => at),
      prompts.map(({ at }) => at).toSorted((one, other) => (one ?? 0) - (other ?? 0)),
    );
  });

  it("is what it all cost, together and for each prompt", () => {
    assert.equal(of("usage").at(-1)?.usage.costUsd, answers.session.cost);
    const ofPrompts = of("prompt-usage").reduce((sum, { usage }) => sum + (usage.costUsd ?? 0), 0);
    assert.ok(Math.abs(ofPrompts - answers.session.cost) < 1e-9);
  });

  it("is the same again on the next connection, without the prompts", () => {
    const stream = followed(conversation);
    caughtUp(stream, whole);
    const again = caughtUp(stream, whole);
    assert.deepEqual(
      again,
      readings.filter(({ type }) => type !== "prompt"),
    );
  });

  it("is that a request is over which it no longer has", () => {
    const stream = followed(conversation);
    stream.reader()({ type: "server.connected", properties: {} });
    const after = caughtUp(stream, { ...whole, "/permission": [] });
    const over = after.find(({ type }) => type === "request-over");
    assert.deepEqual(over, { type: "request-over", at: now });
    assert.ok(!after.some(({ type }) => type === "request"));
  });

  it("tells what is asked as of now, after it has closed what was asked before", () => {
    const types = readings.map(({ type }) => type);
    assert.ok(types.indexOf("request-over") < types.indexOf("request"));
    assert.deepEqual(
      of("request").map(({ at }) => at),
      [now],
    );
  });

  it("takes no request back while the server would not say which are open", () => {
    const { "/permission": _refused, ...rest } = whole;
    const after = caughtUp(followed(conversation), rest);
    assert.ok(!after.some(({ type }) => type === "request-over"));
  });

  it("is the end of the last turn, and that of its error where it had one", () => {
    const idle = { ...whole, "/session/status": {}, "/permission": [] };
    const [last] = caughtUp(followed(conversation), idle).filter(({ type }) => type === "activity");
    assert.equal(last?.type === "activity" && last.activity, "idle");
    const error = { name: "APIError", data: { message: "No such thing here." } };
    const messages = answers.messages.slice(0, -1);
    const failed = { ...answered(answers.messages.at(-1)), error };
    const withError = { ...idle, [`${base}/message`]: [...messages, { info: failed, parts: [] }] };
    const [end] = caughtUp(followed(conversation), withError).filter(({ type }) => type === "activity");
    assert.equal(end?.type === "activity" && end.activity, "failed");
  });

  it("is told by the events, where those have told since the connection", () => {
    const stream = followed(conversation);
    const read = stream.reader();
    read({ type: "server.connected", properties: {} });
    const [busy] = read({
      type: "session.status",
      properties: { sessionID: conversation, status: { type: "busy" } },
    });
    assert.equal(busy?.type === "activity" && busy.activity, "working");
    const older = caughtUp(stream, { "/session/status": {} });
    assert.ok(!older.some(({ type }) => type === "activity"));
    read({ type: "server.connected", properties: {} });
    const [newer] = caughtUp(stream, { "/session/status": {} });
    assert.equal(newer?.type === "activity" && newer.activity, "idle");
  });

  it("hides no word of an event that was made before a late answer was read", () => {
    const status = (type: string) => ({
      type: "session.status",
      properties: { sessionID: conversation, status: { type } },
    });
    const stories = [
      { answer: {}, known: conversation, event: "busy", word: "working" },
      { answer: {}, known: null, event: "busy", word: "working" },
      { answer: { [conversation]: { type: "busy" } }, known: conversation, event: "idle", word: "idle" },
    ];
    for (const { answer, known, event, word } of stories) {
      let clock = now;
      const stream = followed(known, () => clock);
      const read = stream.reader();
      const seen = (readings: readonly TimedReading[]) =>
        readings.map(({ at = clock, ...reading }) => ({ source: "event-stream" as const, at, reading }));
      const connected = seen(read({ id: eventId(now), type: "server.connected", properties: {} }));
      const catchUp = stream.catchUp.find(({ url }) => url.endsWith("/session/status"));
      assert.ok(catchUp);
      clock = now + 3_000;
      const late = seen(catchUp.read(answer));
      const told = seen(read({ ...status(event), id: eventId(now + 2_990) }));
      const evidence = [...connected, ...late, ...told].reduce((before, signal) => witness(before, signal), noEvidence);
      assert.equal(evidence.words["event-stream"]?.activity, word);
    }
  });

  it("is newer than that it is ready, which the connection itself says", () => {
    let clock = now;
    const stream = followed(null, () => clock);
    const read = stream.reader();
    // Its server's clock is read a moment after the connection stands.
    const { catchUp } = stream;
    clock = now + 5;
    const [ready] = read({ id: eventId(now + 3), type: "server.connected", properties: {} });
    const working = catchUp
      .flatMap(({ url, read: readAnswer }) => (url.endsWith("/session/status") ? readAnswer(answers.statuses) : []))
      .find(({ type }) => type === "activity");
    assert.equal(working?.type === "activity" && working.activity, "working");
    assert.equal(ready?.at, now + 3);
    assert.equal(working?.at, now + 3);
  });

  it("is not taken for a new conversation, when a sub-agent goes on before it is known to be one", () => {
    const stream = followed(conversation);
    const read = stream.reader();
    const { id } = z.looseObject({ id: z.string() }).parse(answers.children[0]);
    const status = (type: string) => read({ type: "session.status", properties: { sessionID: id, status: { type } } });
    assert.ok(!status("busy").some(({ type }) => type === "conversation"));
    caughtUp(stream, whole);
    status("idle");
    assert.deepEqual(status("busy"), [{ type: "background", work: ["Look around (@general subagent)"] }]);
  });

  it("keeps what the conversation has cost according to a newer event", () => {
    const stream = followed(conversation);
    const info = { ...answers.session, cost: 7, time: { updated: now } };
    stream.reader()({ type: "session.updated", properties: { info } });
    const [usage] = caughtUp(stream, whole).filter(({ type }) => type === "usage");
    assert.equal(usage?.type === "usage" && usage.usage.costUsd, 7);
  });

  it("does not open a request again that was answered meanwhile", () => {
    const stream = followed(conversation);
    const requestID = z.looseObject({ id: z.string() }).parse(answers.permissions[0]).id;
    stream.reader()({ type: "permission.replied", properties: { requestID } });
    assert.ok(!caughtUp(stream, whole).some(({ type }) => type === "request"));
  });

  it("keeps what a message has cost according to a newer event", () => {
    const stream = followed(conversation);
    const info = answered(answers.messages.at(-1));
    stream.reader()({ type: "message.updated", properties: { info: { ...info, cost: 7 } } });
    const [usage] = caughtUp(stream, whole).filter(
      (reading) => reading.type === "prompt-usage" && reading.key === info["parentID"],
    );
    assert.ok(usage?.type === "prompt-usage" && (usage.usage.costUsd ?? 0) >= 7);
  });

  it("is that it is ready, when it has no conversation yet", () => {
    const found = caughtUp(followed(null), { "/session/status": {}, "/permission": [], "/question": [] });
    assert.deepEqual(
      found.flatMap((reading) => (reading.type === "activity" ? [reading.text] : [])),
      ["It is ready for a prompt."],
    );
    assert.ok(!found.some(({ type }) => type === "conversation"));
  });

  it("is which conversation works, when its beginning was missed", () => {
    const found = caughtUp(followed(null), { "/session/status": answers.statuses });
    assert.equal(Object.keys(answers.statuses).length, 2);
    assert.deepEqual(found[0], { type: "conversation", id: conversation });
  });

  for (const value of [null, "<!doctype html>", { name: "BadRequest" }, [null, 1]]) {
    it(`says nothing of requests when the answers are ${JSON.stringify(value)}`, () => {
      const strange = Object.fromEntries(Object.keys(whole).map((path) => [path, value]));
      const found = caughtUp(followed(conversation), strange).filter(({ type }) => type === "request");
      assert.deepEqual(found, []);
    });
  }
});

/** An event's id, as opencode makes them. */
function eventId(at: number): string {
  return `evt_${(at % 2 ** 36).toString(16).padStart(9, "0")}001`;
}

function answered(message: unknown): Record<string, unknown> {
  return z.looseObject({ info: z.looseObject({}) }).parse(message).info;
}
