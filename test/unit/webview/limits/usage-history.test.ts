import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { historyOf, withAccounts } from "../../../../src/webview/sections/limits/usage-history.ts";
import { anAccount, aQuota } from "../../../support/entities.ts";

const minute = 60_000;

const known = {
  accountId: "claude-account1",
  kind: "five-hour",
  model: null,
  usedPercent: 40,
  resetsAt: null,
  at: 1_000,
} as const;

describe("the history of use", () => {
  it("is kept by account", () => {
    const history = historyOf([known, { ...known, accountId: "codex-account1" }]);
    assert.deepEqual([...history.keys()], ["claude-account1", "codex-account1"]);
  });

  it("grows by what an account says now", () => {
    const account = anAccount({ quotas: [aQuota({ usedPercent: 45, at: 2 * minute })] });
    const history = withAccounts(historyOf([known]), [account], 0);
    assert.deepEqual(history.get("claude-account1"), [known, { ...known, usedPercent: 45, at: 2 * minute }]);
  });

  it("has the last of what is said within a minute", () => {
    const account = anAccount({ quotas: [aQuota({ usedPercent: 41, at: 2_000 })] });
    const history = withAccounts(historyOf([known]), [account], 0);
    assert.deepEqual(history.get("claude-account1"), [{ ...known, usedPercent: 41, at: 2_000 }]);
  });

  it("forgets what was over before the time that is shown, and keeps what held then", () => {
    const [gone, held] = [known, { ...known, at: 3 * minute }];
    const account = anAccount({ quotas: [aQuota({ at: 9 * minute })] });
    const history = withAccounts(historyOf([gone, held]), [account], 5 * minute);
    assert.deepEqual(
      history.get("claude-account1")?.map(({ at }) => at),
      [3 * minute, 9 * minute],
    );
  });

  it("stays the very same where that is known", () => {
    const history = historyOf([known]);
    assert.equal(withAccounts(history, [anAccount({ quotas: [aQuota({ at: 1_000 })] })], 0), history);
  });

  it("begins with an account that was not known", () => {
    const history = withAccounts(historyOf([]), [anAccount({ quotas: [aQuota()] })], 0);
    assert.equal(history.get("claude-account1")?.length, 1);
  });

  it("keeps the windows apart", () => {
    const account = anAccount({ quotas: [aQuota({ at: 1_000 }), aQuota({ kind: "weekly", at: 1_000 })] });
    const kinds = withAccounts(historyOf([known]), [account], 0)
      .get("claude-account1")
      ?.map(({ kind }) => kind);
    assert.deepEqual(kinds, ["five-hour", "weekly"]);
  });
});
