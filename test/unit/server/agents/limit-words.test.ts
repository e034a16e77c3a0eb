import assert from "node:assert/strict";
import { readAnyLimit } from "../../../../src/server/agents/limit-words/any.ts";
import { readClaudeLimit } from "../../../../src/server/agents/limit-words/claude.ts";
import { readCodexLimit } from "../../../../src/server/agents/limit-words/codex.ts";
import { readGeminiLimit } from "../../../../src/server/agents/limit-words/gemini.ts";
import { readOpencodeLimit } from "../../../../src/server/agents/limit-words/opencode.ts";
import { corpus, type CorpusAgent, type LimitText } from "../../../fixtures/limits/corpus.ts";

const readers: Readonly<Record<CorpusAgent, typeof readAnyLimit>> = {
  claude: readClaudeLimit,
  codex: readCodexLimit,
  gemini: readGeminiLimit,
  opencode: readOpencodeLimit,
  command: readAnyLimit,
};

function read({ text, now, timeZone }: LimitText, reader: typeof readAnyLimit): LimitText["is"] {
  const report = reader(text, { now: Date.parse(now), timeZone });
  if (report === null) return null;
  const reset = report.resetsAt === null ? null : new Date(report.resetsAt).toISOString().replace(".000Z", "Z");
  return { kind: report.kind, model: report.model, reset };
}

describe("the words for a limit", () => {
  for (const each of corpus) {
    const first = each.text.trim().replace(/\s+/g, " ").slice(0, 70);
    it(`${each.is === null ? "is none" : "is one"}: ${each.agent}, ${each.from}: ${first}`, () => {
      assert.deepEqual(read(each, readers[each.agent]), each.is);
    });
  }

  it("is none for any reader where it is none for its agent's, and the same limit where it is one", () => {
    for (const each of corpus) assert.deepEqual(read(each, readAnyLimit), each.is, each.text);
  });

  it("is reported as not exact, in the agent's words without its mark", () => {
    const report = readClaudeLimit("  ⎿  You've hit your weekly limit", { now: 0, timeZone: "UTC" });
    assert.deepEqual(report, {
      kind: "weekly",
      model: null,
      resetsAt: null,
      isExact: false,
      text: "You've hit your weekly limit",
    });
  });

  it("is none in what is too long for a message", () => {
    const text = `You've hit your usage limit. Upgrade to Pro ${"or more ".repeat(200)}`;
    assert.equal(readAnyLimit(text, { now: 0, timeZone: "UTC" }), null);
  });
});

describe("the corpus of limits", () => {
  it("has limits and look-alikes of every agent, in many zones", () => {
    const zones = new Set(corpus.map(({ timeZone }) => timeZone));
    assert.deepEqual({ isLarge: corpus.length >= 80, manyZones: zones.size >= 6 }, { isLarge: true, manyZones: true });
  });
});
