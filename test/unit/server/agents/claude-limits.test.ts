import assert from "node:assert/strict";
import { claude } from "../../../../src/server/agents/claude.ts";
import type { TimedReading } from "../../../../src/server/agents/reading.ts";

/** The turn that ended at this time was refused. */
const at = Date.UTC(2026, 10, 21, 9, 24, 41);
const resetsAt = Date.UTC(2026, 10, 21, 9, 40, 7);

function stopFailure(error: string, text: string): readonly TimedReading[] {
  const payload = { session_id: "s", hook_event_name: "StopFailure", error, last_assistant_message: text };
  return claude.reads.hook?.(payload, "StopFailure", at) ?? [];
}

function transcriptLine(text: string, more: Record<string, unknown>): readonly TimedReading[] {
  const where = {
    launch: { configHome: "/home/dev/.claude" },
    cwd: "/home/dev/work",
    pid: null,
    conversationId: "c1",
    transcriptPath: null,
  };
  const [transcript] = claude.reads.files?.(where) ?? [];
  const message = { id: "m", model: "<synthetic>", content: [{ type: "text", text }], usage: {} };
  const line = { type: "assistant", timestamp: new Date(at).toISOString(), isApiErrorMessage: true, message, ...more };
  return transcript?.reader()(line) ?? [];
}

function outcome(readings: readonly TimedReading[]) {
  return readings.flatMap((each) => (each.type === "activity" ? each.activity : []));
}

function limitOf(readings: readonly TimedReading[]) {
  return readings.find((each) => each.type === "limit")?.limit;
}

describe("A turn of Claude Code that the API refused", () => {
  const noLimits: readonly (readonly [string, string])[] = [
    [
      "rate_limit",
      "API Error: Server is temporarily limiting requests (not your usage limit) · This request would exceed your organization's rate limit",
    ],
    [
      "rate_limit",
      "API Error: Request rejected (429) · This request would exceed your organization's rate limit of 50 requests per minute",
    ],
    ["rate_limit", "API Error: Request rejected (429) · this may be a temporary capacity issue."],
    [
      "server_error",
      "API Error: Repeated 529 Overloaded errors. The API is at capacity — this is usually temporary. Try again in a moment.",
    ],
    ["billing_error", "Credit balance is too low"],
    ["unknown", "API Error: 400 No such thing"],
  ];
  for (const [error, text] of noLimits) {
    it(`has failed, and no limit is in force: ${error}, ${text}`, () => {
      const readings = stopFailure(error, text);
      assert.deepEqual([outcome(readings), limitOf(readings)], [["failed"], undefined]);
    });
  }

  it("is limited until nobody knows when, where the API says no more", () => {
    const text = "API Error: Request rejected (429) · Your budget is used up";
    const readings = stopFailure("rate_limit", text);
    assert.deepEqual(outcome(readings), ["limited"]);
    assert.deepEqual(limitOf(readings), { kind: "other", model: null, resetsAt: null, isExact: false, text });
  });

  it("is limited until the time in its words, which is after the hook was fired", () => {
    const limit = limitOf(stopFailure("rate_limit", "You've hit your session limit · resets 9:40am (UTC)"));
    assert.deepEqual([limit?.resetsAt, limit?.isExact], [Date.UTC(2026, 10, 21, 9, 40), false]);
  });

  it("of a sub-agent says nothing of the session's own", () => {
    const payload = {
      session_id: "s",
      agent_id: "a",
      error: "rate_limit",
      last_assistant_message: "You've hit your limit",
    };
    assert.deepEqual(claude.reads.hook?.(payload, "StopFailure", at), []);
  });

  const windows: readonly (readonly [string, string, string | null])[] = [
    ["five_hour", "five-hour", null],
    ["seven_day", "weekly", null],
    ["seven_day_opus", "model", "Opus"],
    ["seven_day_sonnet", "model", "Sonnet"],
  ];
  for (const [rateLimitType, kind, model] of windows) {
    it(`is limited exactly, where the transcript tells of ${rateLimitType}`, () => {
      const text = "You've hit your limit · resets 9:40am (UTC)";
      const quotaLimits = { status: "rejected", resetsAt: resetsAt / 1000, rateLimitType };
      const readings = transcriptLine(text, { error: "rate_limit", quotaLimits });
      assert.deepEqual(readings.slice(1), [
        {
          type: "limit",
          limit: { kind, model, resetsAt, isExact: true, text },
          signal: "transcript: error rate_limit",
          at,
        },
        { type: "quota", windows: [{ kind, model, usedPercent: 100, resetsAt }], at },
      ]);
    });
  }

  it("has failed, where the transcript says that another try may do", () => {
    const readings = transcriptLine("API Error: Slow down", { error: "rate_limit", apiErrorIsTransient: true });
    assert.deepEqual([outcome(readings), limitOf(readings)], [["failed"], undefined]);
  });
});

describe("Claude Code's status line", () => {
  const read = (limits: unknown) =>
    claude.reads.hook?.({ cost: { total_cost_usd: 1 }, rate_limits: limits }, "statusLine", at) ?? [];
  const quotas = (readings: readonly TimedReading[]) =>
    readings.flatMap((each) => (each.type === "quota" ? each.windows : []));

  it("tells how much of a subscription is used", () => {
    const told = read({
      five_hour: { used_percentage: 41, resets_at: resetsAt / 1000 },
      seven_day: { used_percentage: 80.5, resets_at: null },
    });
    assert.deepEqual(quotas(told), [
      { kind: "five-hour", model: null, usedPercent: 41, resetsAt },
      { kind: "weekly", model: null, usedPercent: 80.5, resetsAt: null },
    ]);
  });

  for (const limits of [undefined, {}, { five_hour: "much" }]) {
    it(`tells the cost alone where its limits are ${JSON.stringify(limits)}`, () => {
      assert.deepEqual(
        read(limits).map(({ type }) => type),
        ["usage"],
      );
    });
  }
});
