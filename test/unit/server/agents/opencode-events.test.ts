import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { WatchedStream } from "../../../../src/server/agents/adapter.ts";
import { opencodeStreams } from "../../../../src/server/agents/opencode/streams.ts";
import type { Read, TimedReading } from "../../../../src/server/agents/reading.ts";

const fixtures = join(import.meta.dirname, "../../../fixtures/agents/opencode-1.18.33");
/** About when the fixtures were recorded. */
const now = Date.UTC(2026, 10, 21);

function recorded(name: string): unknown[] {
  const lines = readFileSync(join(fixtures, `${name}.jsonl`), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as unknown);
}

function streamOf(conversationId: string | null = null): WatchedStream {
  const launch = { url: "http://127.0.0.1:4711" };
  const whereabouts = { launch, cwd: "/", pid: 1, conversationId, transcriptPath: null };
  const [stream] = opencodeStreams(whereabouts, () => now, "UTC");
  assert.ok(stream);
  return stream;
}

function readAll(read: Read, values: readonly unknown[]): TimedReading[] {
  return values.flatMap((value) => read(value));
}

/** What a person would notice, one line each. */
function noticed(readings: readonly TimedReading[]): string[] {
  return readings.flatMap((reading) => {
    switch (reading.type) {
      case "activity":
        return `${reading.activity}: ${reading.text}`;
      case "request":
        return `${reading.request.kind}: ${reading.request.title}`;
      case "request-over":
        return "over";
      case "prompt":
        return `prompt: ${reading.text}`;
      case "background":
        return `beside: ${reading.work.join(", ")}`;
      default:
        return [];
    }
  });
}

const story = (name: string) => noticed(readAll(streamOf().reader(), recorded(name)));
const working = "working: It is working.";
const finished = "idle: It has finished its turn.";
const interrupted = "interrupted: Its turn was interrupted.";
const refused = "interrupted: It stopped, because you refused what it asked for.";

describe("opencode's events", () => {
  const stories: Record<string, readonly string[]> = {
    allowed: ["prompt: make file", working, "permission: bash: touch made", "over", finished],
    refused: ["prompt: make file", working, "permission: bash: touch made", "over", refused],
    "refused-with-words": ["prompt: make file", working, "permission: bash: touch made", "over", finished],
    edit: ["prompt: do edit", working, "permission: edit: /home/ada/work/a.txt", "over", finished],
    "question-answered": ["prompt: ask me", working, "question: Which colour?", "over", finished],
    "question-dismissed": ["prompt: ask me", working, "question: Which colour?", "over", refused],
    interrupted: ["prompt: be slow", working, interrupted],
    failed: ["prompt: bad request", working, "failed: Its turn ended in an error: No such thing here."],
    "tried-again": [
      "prompt: try again",
      working,
      "working: It tries again by itself: Slow down, please.",
      working,
      finished,
    ],
    "usage-limit": ["prompt: hit the limit", working, "limited: You have reached your usage limit.", interrupted],
    talk: ["prompt: talk", working, finished],
    "sub-agent": [
      "prompt: look around",
      working,
      "beside: Look around (@general subagent)",
      "permission: bash: touch made",
      "over",
      "beside: ",
      finished,
    ],
    shell: [working, finished],
    compacted: [working, finished],
    undone: ["prompt: again", working, finished],
    "new-conversation": ["prompt: hello", working, finished],
  };
  for (const [name, expected] of Object.entries(stories)) {
    it(`tell the story: ${name}`, () => {
      assert.deepEqual(story(name), expected);
    });
  }

  it("know a limit of opencode's own plans", () => {
    assert.match(story("plan-limit")[2] ?? "", /^limited: Usage limit reached\. It will reset in 2 hours\./);
  });

  it("know when a limit resets: when opencode tries again because its provider said so", () => {
    const limits = ["plan-limit", "usage-limit"].flatMap((name) =>
      readAll(streamOf().reader(), recorded(name)).flatMap((reading) =>
        reading.type === "limit" ? [[name, reading.limit.resetsAt, reading.limit.isExact, reading.signal]] : [],
      ),
    );
    assert.deepEqual(limits, [
      ["plan-limit", nextTryIn("plan-limit"), true, "session.status: retry"],
      ["usage-limit", nextTryIn("usage-limit"), true, "session.status: retry"],
    ]);
  });

  it("show what a tool is called with, though that is told after the tool has asked", () => {
    const details = readAll(streamOf().reader(), recorded("mcp-tool")).flatMap((reading) =>
      reading.type === "request" ? [reading.request.detail] : [],
    );
    assert.equal(details.at(-1), "amount: 12");
  });

  it("have the times at which they happened", () => {
    const readings = readAll(streamOf().reader(), recorded("allowed"));
    const times = readings.map(({ at }) => at);
    assert.ok(times.every((at) => at !== undefined && Math.abs(at - now) < 24 * 60 * 60 * 1000));
    const [asked, over] = ["request", "request-over"].map((type) => readings.find((each) => each.type === type)?.at);
    assert.ok(asked !== undefined && over !== undefined && asked < over);
  });

  it("give the totals of the conversation, and those of each prompt", () => {
    const readings = readAll(streamOf().reader(), [...recorded("allowed"), ...recorded("talk")]);
    const usages = readings.flatMap((reading) => (reading.type === "usage" ? [reading.usage] : []));
    const prompts = readings.flatMap((reading) => (reading.type === "prompt" ? [reading.key] : []));
    const usageOf = (key: string | undefined) =>
      readings.findLast((reading) => reading.type === "prompt-usage" && reading.key === key);
    assert.equal(prompts.length, 2);
    assert.deepEqual(usageOf(prompts[0]), {
      type: "prompt-usage",
      key: prompts[0],
      usage: { inputTokens: 50, outputTokens: 13, cacheReadTokens: 200, cacheWriteTokens: 100, costUsd: 0.00078 },
      at: usageOf(prompts[0])?.at,
    });
    // What opencode itself says of the whole session, whose other prompts are not replayed here.
    const lastTold = recorded("talk").findLast((event) => isSessionUpdate(event));
    assert.deepEqual(usages.at(-1), totalsIn(lastTold));
  });

  it("name the model as opencode's own -m takes it", () => {
    const models = readAll(streamOf().reader(), recorded("allowed")).filter(({ type }) => type === "model");
    assert.deepEqual(
      new Set(models.map((reading) => reading.type === "model" && reading.model)),
      new Set(["loopback/model-one"]),
    );
  });

  it("count no prompt twice, and none that a sub-agent, a shell command or opencode itself makes", () => {
    const names = ["allowed", "sub-agent", "shell", "compacted"];
    const read = streamOf().reader();
    const all = names.flatMap((name) => readAll(read, recorded(name)));
    const again = names.flatMap((name) => readAll(read, recorded(name)));
    assert.deepEqual(
      [...all, ...again].flatMap((reading) => (reading.type === "prompt" ? [reading.text] : [])),
      ["make file", "look around"],
    );
  });

  it("follow the conversation that got a prompt last", () => {
    const read = streamOf().reader();
    const before = readAll(read, recorded("allowed"));
    const after = readAll(read, recorded("new-conversation"));
    const followed = (readings: readonly TimedReading[]) =>
      readings.flatMap((reading) => (reading.type === "conversation" ? [reading.id] : []));
    assert.equal(followed(before).length, 1);
    assert.equal(followed(after).length, 1);
    assert.notEqual(followed(after)[0], followed(before)[0]);
  });

  it("of another conversation do not end this one's turn", () => {
    const read = streamOf().reader();
    readAll(read, recorded("new-conversation").slice(0, -8));
    const left = recorded("allowed").filter((event) => isStatus(event, "idle"));
    assert.deepEqual(noticed(readAll(read, left)), []);
  });

  const strange: readonly unknown[] = [
    null,
    "",
    [],
    {},
    { type: "session.status" },
    { type: "session.status", properties: { sessionID: 1, status: { type: "busy" } } },
    { type: "session.status", properties: { sessionID: "ses_1", status: { type: "dreaming" } } },
    { type: "permission.asked", properties: { id: "per_1" } },
    { type: "question.asked", properties: { id: "que_1", sessionID: "ses_1", questions: [] } },
    { type: "session.error", properties: {} },
    { type: "message.updated", properties: { info: { role: "ghost" } } },
    { type: "message.part.updated", properties: { part: { type: "reasoning", text: "Permission required" } } },
    { type: "an.event.of.tomorrow", properties: { sessionID: "ses_1" } },
  ];
  for (const value of strange) {
    it(`say nothing when they are ${JSON.stringify(value)}`, () => {
      assert.deepEqual(streamOf().reader()(value), []);
    });
  }
});

const statusSchema = z.looseObject({
  type: z.literal("session.status"),
  properties: z.looseObject({ status: z.looseObject({ type: z.string() }) }),
});

function isStatus(event: unknown, type: string): boolean {
  const { data } = statusSchema.safeParse(event);
  return data?.properties.status.type === type;
}

const retrySchema = z.looseObject({
  properties: z.looseObject({ status: z.looseObject({ type: z.literal("retry"), next: z.number() }) }),
});

function nextTryIn(name: string): number | undefined {
  return retrySchema.safeParse(recorded(name).find((event) => isStatus(event, "retry"))).data?.properties.status.next;
}

const updateSchema = z.looseObject({
  type: z.literal("session.updated"),
  properties: z.looseObject({
    info: z.looseObject({
      cost: z.number(),
      tokens: z.looseObject({
        input: z.number(),
        output: z.number(),
        cache: z.looseObject({ read: z.number(), write: z.number() }),
      }),
    }),
  }),
});

function isSessionUpdate(event: unknown): boolean {
  return updateSchema.safeParse(event).success;
}

function totalsIn(event: unknown) {
  const { cost, tokens } = updateSchema.parse(event).properties.info;
  return {
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    cacheReadTokens: tokens.cache.read,
    cacheWriteTokens: tokens.cache.write,
    costUsd: cost,
  };
}
