import assert from "node:assert/strict";
import type { Account, Pause } from "../../../src/protocol/limits.ts";
import { manualPause } from "../../../src/server/limits/pause-rules.ts";
import { AccountPause } from "../../../src/server/sessions/external/account-pause.ts";

describe("the pause that wrappers see", () => {
  const account: Account = {
    id: "claude-1",
    agent: "claude",
    label: "Claude Code",
    isDefault: true,
    quotas: [],
    updatedAt: 1,
  };
  const byHand = (fields: Partial<Pause> = {}): Pause => ({
    ...manualPause("manual", account, { until: null, reason: "Lunch" }, 1_000),
    ...fields,
  });

  function pauseOf(...open: Pause[]) {
    const lifted: string[] = [];
    const accountPause = new AccountPause({
      accounts: { defaultOf: () => account },
      pauses: {
        open: () => open.filter(({ id }) => !lifted.includes(id)),
        holding: (accountId) =>
          open.find((pause) => pause.accountId === accountId && !lifted.includes(pause.id)) ?? null,
        startByHand: (_, { until }) => byHand({ until }),
        lift: (id) => {
          lifted.push(id);
          return byHand({ id });
        },
      },
    });
    return { accountPause, lifted };
  }

  it("is told as ISO 8601", () => {
    const { accountPause } = pauseOf(byHand({ until: 2_000 }));
    assert.deepEqual(accountPause.status(), {
      isPaused: true,
      pausedAt: "1970-01-01T00:00:01.000Z",
      resumeAt: "1970-01-01T00:00:02.000Z",
      reason: "Lunch",
      daemonStatus: "running",
    });
  });

  it("is told also when it ends later than a date can say", () => {
    const { accountPause } = pauseOf(byHand({ until: Number.MAX_SAFE_INTEGER }));
    assert.equal(accountPause.status().resumeAt, "9999-12-31T00:00:00.000Z");
  });

  it("is lifted where a person paused, and stays where a limit is", () => {
    const limit = byHand({ id: "limit", kind: "five-hour", until: 9_000, reason: "It has hit its 5-hour limit." });
    const { accountPause, lifted } = pauseOf(byHand(), limit, byHand({ id: "others", accountId: "claude-2" }));
    const status = accountPause.lift();
    assert.deepEqual(lifted, ["manual"]);
    assert.deepEqual([status.isPaused, status.reason], [true, "It has hit its 5-hour limit."]);
  });
});
