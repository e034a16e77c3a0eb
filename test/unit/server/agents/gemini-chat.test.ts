import assert from "node:assert/strict";
import { chatReader } from "../../../../src/server/agents/gemini/chat.ts";
import type { Reading, TimedReading } from "../../../../src/server/agents/reading.ts";
import { geminiFixtureLines } from "../../../support/gemini-fixtures.ts";

const recorded = geminiFixtureLines("gemini-0.61.0/chat.jsonl");

function read(lines: readonly unknown[], { launchedAt = 0, isEndTold = false } = {}): readonly TimedReading[] {
  return lines.flatMap(chatReader({ launchedAt, isEndTold, timeZone: "UTC" }));
}

function only<T extends Reading["type"]>(readings: readonly TimedReading[], type: T) {
  return readings.filter((reading): reading is Extract<TimedReading, { type: T }> => reading.type === type);
}

function message(type: string, more: Record<string, unknown>) {
  return { id: `id of ${JSON.stringify(more)}`, timestamp: "2026-11-21T06:47:00.000Z", type, ...more };
}

describe("a chat file of Gemini CLI", () => {
  it("tells of each prompt once, also when the history is written anew after a refused permission", () => {
    assert.deepEqual(
      only(read(recorded), "prompt").map(({ text }) => text),
      ["make a file", "ask me", "write notes", "take your time", "one more file", "fail", "and now"],
    );
  });

  it("tells when turns were interrupted and when they failed, by the agent's own clock", () => {
    assert.deepEqual(
      only(read(recorded), "activity").map(({ activity, at }) => [activity, new Date(at ?? 0).toISOString()]),
      [
        ["interrupted", "2026-11-21T06:47:49.750Z"],
        ["interrupted", "2026-11-21T06:47:51.347Z"],
        ["failed", "2026-11-21T06:47:52.088Z"],
      ],
    );
  });

  it("tells why a turn failed in the API's own words", () => {
    const [, , failed] = only(read(recorded), "activity");
    assert.equal(failed?.text, "The model's API answered with an error: That is a bad request.");
    const [plain] = only(read([message("error", { content: "[API Error: fetch failed]" })]), "activity");
    assert.equal(plain?.text, "The model's API answered with an error: fetch failed");
  });

  it("tells when turns begin, where something else tells of their end", () => {
    assert.deepEqual(
      only(read(recorded, { isEndTold: true }), "activity").map(({ activity }) => activity),
      [
        ...["working", "working", "working"],
        ...["working", "interrupted"],
        ...["working", "interrupted"],
        ...["working", "failed"],
        "working",
      ],
    );
  });

  it("tells nothing of turns before the launch but what they were and cost", () => {
    const later = read(recorded, { launchedAt: Date.parse("2026-11-21T07:00:00.000Z"), isEndTold: true });
    assert.deepEqual(only(later, "activity"), []);
    assert.equal(only(later, "prompt").length, 7);
    assert.ok(only(later, "usage").length > 0);
  });

  it("sums up what was paid, an answer that is written twice once, and cached tokens apart", () => {
    const { usage } = only(read(recorded), "usage").at(-1) ?? assert.fail("no usage");
    assert.deepEqual(usage, {
      inputTokens: 1000 + 1100 + 1200 + 1300 + 1350 + 1360 + 1400 + 10,
      outputTokens: 40 + 30 + 20 + 10 + 12 + 12 + 15 + 5 + 8 * 3,
      cacheReadTokens: 200 + 300,
    });
  });

  it("sums up each prompt", () => {
    const readings = read(recorded);
    const [first] = only(readings, "prompt");
    const usages = only(readings, "prompt-usage").filter(({ key }) => key === first?.key);
    assert.deepEqual(usages.at(-1)?.usage, { inputTokens: 2100, outputTokens: 76, cacheReadTokens: 500 });
  });

  it("names the conversation and the model", () => {
    const readings = read(recorded);
    assert.deepEqual(only(readings, "conversation"), [
      { type: "conversation", id: "3b7c7c32-dba1-4222-bfe9-189fd7454992" },
    ]);
    assert.deepEqual(
      only(readings, "model").map(({ model }) => model),
      ["gemini-2.5-flash"],
    );
  });

  it("takes a daily quota that is used up for a limit, in the agent's own line only", () => {
    const words = "[API Error: You have exhausted your daily quota on this model.]\nPlease wait and try again later.";
    const [limited] = only(read([message("error", { content: words })]), "activity");
    assert.equal(limited?.activity, "limited");
    assert.deepEqual(only(read([message("gemini", { content: words })]), "activity"), []);
    assert.deepEqual(only(read([message("user", { content: words })]), "activity"), []);
  });

  it("ends no turn for a command that does not exist, nor for a remark", () => {
    assert.deepEqual(read([message("error", { content: "Unknown command: /foo" })]), []);
    assert.deepEqual(read([message("info", { content: "Model set to gemini-2.5-pro" })]), []);
  });

  it("takes for a prompt what the person sees of it, and nothing that the agent says to its model", () => {
    const prompts = (...parts: Record<string, unknown>[]) => only(read(parts), "prompt").map(({ text }) => text);
    assert.deepEqual(
      prompts(
        message("user", { content: [{ text: "see @a.txt\n--- a.txt ---\nlong" }], displayContent: "see @a.txt" }),
      ),
      ["see @a.txt"],
    );
    assert.deepEqual(
      prompts(message("user", { content: [{ text: "go" }, { text: "<hook_context>x</hook_context>" }] })),
      ["go"],
    );
    assert.deepEqual(
      prompts(
        message("user", { content: [{ functionResponse: { name: "x" } }] }),
        message("user", { content: [{ text: "I ran the following shell command:\n```sh\nls\n```" }] }),
        message("user", {
          content: [{ text: "[System: You successfully executed a tool but returned an empty response.]" }],
        }),
      ),
      [],
    );
  });

  it("finds the first prompt beside what the agent tells its model in the same line", () => {
    const first = message("user", {
      content: [{ text: "<session_context>\n</session_context>" }, { text: "make a file" }],
    });
    const next = message("user", { content: [{ text: "and another" }] });
    assert.deepEqual(
      only(read([first, next]), "prompt").map(({ text }) => text),
      ["make a file", "and another"],
    );
  });

  it("says nothing where a line is none of these", () => {
    const strange = [
      null,
      3,
      "x",
      [],
      {},
      { type: "user" },
      message("user", { content: 3 }),
      message("gemini", { tokens: "many" }),
    ];
    assert.deepEqual(
      read([...strange, { ...message("info", { content: "Request cancelled." }), timestamp: "soon" }]),
      [],
    );
    assert.deepEqual(read([{ sessionId: "sub", kind: "subagent" }]), []);
  });
});
