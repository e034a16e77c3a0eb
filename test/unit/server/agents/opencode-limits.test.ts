import assert from "node:assert/strict";
import { limitOfError, limitOfRetry } from "../../../../src/server/agents/opencode/limits.ts";

const now = Date.UTC(2026, 10, 21, 12);
const when = { now, timeZone: "UTC" };
const go = { reason: "account_rate_limit" };
const limit = "You have reached your usage limit.";

interface Retry {
  readonly message?: string;
  readonly waitMs?: number;
  readonly attempt?: number;
  readonly action?: { readonly reason: string };
  readonly saidAt?: number | null;
}

function retry({ message = limit, waitMs = 3_600_000, attempt = 1, action, saidAt = now }: Retry) {
  const status = { type: "retry" as const, message, attempt, next: now + waitMs, ...(action ? { action } : {}) };
  return limitOfRetry(status, saidAt, when);
}

describe("opencode's wait for another try", () => {
  it("is for a limit that resets at that moment, where its provider said when", () => {
    const { resetsAt, isExact } = retry({}) ?? assert.fail();
    assert.deepEqual([resetsAt, isExact], [now + 3_600_000, true]);
  });

  it("is for a limit that opencode knows, whatever its words", () => {
    assert.ok(retry({ message: "Please wait.", action: go }));
    assert.equal(retry({ message: "Please wait." }), null);
  });

  it("is none for a limit while it is opencode's own, which doubles with every try", () => {
    for (const [attempt, waitMs] of [
      [1, 2_500],
      [2, 4_100],
      [5, 40_000],
    ] as const) {
      assert.equal(retry({ attempt, waitMs }), null);
      assert.equal(retry({ attempt, waitMs, action: go }), null);
    }
    assert.ok(retry({ attempt: 1, waitMs: 4_100 }));
  });

  it("is none for a limit when a quota of the minute is used up", () => {
    const message = "Quota exceeded for requests per minute.";
    assert.equal(retry({ message, waitMs: 40_000 }), null);
    assert.ok(retry({ message: "Your quota is used up.", waitMs: 3_600_000 }));
  });

  it("is for a limit when nobody knows since when it waits", () => {
    assert.equal(retry({ waitMs: 1_000, saidAt: null })?.resetsAt, now + 1_000);
  });
});

describe("an error of opencode's turn", () => {
  const error = (data: Record<string, unknown>) => limitOfError({ name: "APIError", data }, when);

  it("is a limit by its words, or by its provider's name for it", () => {
    assert.ok(error({ message: limit }));
    assert.ok(error({ message: "No.", responseBody: '{"error":{"type":"FreeUsageLimitError"}}' }));
    assert.equal(error({ message: "No such thing here." }), null);
  });

  it("tells when the limit resets where its provider does", () => {
    const { resetsAt, isExact } = error({ message: limit, responseHeaders: { "retry-after": "90" } }) ?? assert.fail();
    assert.deepEqual([resetsAt, isExact], [now + 90_000, true]);
    assert.equal(error({ message: limit })?.resetsAt, null);
  });
});
