import assert from "node:assert/strict";
import { formatSessionHistory, formatSessions } from "../../../../src/cli/history/history-table.ts";
import { namedProject } from "../../../../src/cli/history/named-project.ts";
import { readSince } from "../../../../src/cli/history/since.ts";
import { nothingDone, percent, totalsWords, withSession } from "../../../../src/cli/history/totals.ts";
import { plain } from "../../../../src/cli/screen/style.ts";
import { UsageError } from "../../../../src/cli/usage.ts";
import { TallyError } from "../../../../src/protocol/errors.ts";
import { historyOf } from "../../../../src/server/history/history-of.ts";
import { aProject, aRun, aSession, aTask, aWorktree } from "../../../support/entities.ts";

const usage = { inputTokens: 1_200, outputTokens: 340, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.12 };
const stats = { totalTasks: 4, completedTasks: 2, failedTasks: 1, cancelledTasks: 1, executionMs: 90_000 };
const history = (fields: Parameters<typeof aSession>[0] = {}, numbers = stats) =>
  historyOf(aSession({ usage, ...fields }), aProject(), numbers, 61_000);
const surface = { style: plain, width: null, nowMs: 61_000, timeZone: "UTC" };

describe("tally history", () => {
  it("shows a session on a line", () => {
    assert.deepEqual(formatSessions([history()], surface), [
      "STARTED  ID        AGENT   PROJECT  TASKS  SUCCESS  TIME   TOKENS                   TITLE",
      "00:00    session1  claude  shop     4      67 %     2 min  1.2k in, 340 out, $0.12  Fix the cart",
    ]);
  });

  it("names what Tally ran, so that it can be done again", () => {
    const run = aRun({ id: "claude-1795279163832-b4bcgg71m", state: "CANCELLED", createdAt: 0, endedAt: 200 });
    const shown = formatSessionHistory(history(), [], [run, aTask({ createdAt: 0, endedAt: 200 })], surface);
    assert.match(shown.join("\n"), /^STARTED {2}ID {9}STATE .*\n00:00 {4}b4bcgg71m {2}cancelled .*\n00:00 {4}- /m);
  });

  it("keeps the titles in a narrow terminal", () => {
    assert.deepEqual(formatSessions([history()], { ...surface, width: 40 }), [
      "STARTED  ID        TASKS  TITLE",
      "00:00    session1  4      Fix the cart",
    ]);
  });

  it("shows one session with its tasks, and why one failed", () => {
    const failed = aTask({ state: "ERROR", details: "API error", createdAt: 1_000, endedAt: 4_000 });
    const shown = formatSessionHistory(
      history(),
      [{ taskId: "a", text: "Tests first", acceptedAt: 1 }],
      [failed],
      surface,
    );
    assert.match(
      shown.join("\n"),
      /^tasks +4 tasks: 2 done, 1 failed, 1 cancelled\. 67 % ended well\. 2 min at work\./m,
    );
    assert.match(shown.join("\n"), /^plans +1 plan accepted/m);
    assert.equal(shown.at(-1), "00:00    error  3 s   -       Migrate the database · API error");
  });

  it("sums up what several sessions come to, cost as far as it is told", () => {
    const untold = history({ usage: { ...usage, costUsd: null } });
    const totals = [history(), untold, history({ usage: null })].reduce(withSession, nothingDone);
    assert.equal(
      totalsWords(totals),
      "3 sessions, 12 tasks: 6 done, 3 failed, 3 cancelled. 67 % ended well. 5 min at work. 2.4k in, 680 out, $0.12.",
    );
  });

  it("does not say that all ended well where one did not", () => {
    assert.deepEqual([percent(0.999), percent(1), percent(0)], ["99 %", "100 %", "0 %"]);
  });

  describe("--since", () => {
    const now = new Date("2026-11-21T12:00").getTime();
    it("takes an age", () => assert.equal(readSince("7d", now), now - 7 * 24 * 3_600_000));
    it("takes a day, which begins here", () => {
      assert.equal(readSince("2026-11-01", now), new Date(2026, 10, 1).getTime());
    });
    it("takes today and yesterday", () => {
      const days = ["today", "Yesterday"].map((word) => readSince(word, now));
      assert.deepEqual(days, [new Date(2026, 10, 21).getTime(), new Date(2026, 10, 20).getTime()]);
    });
    it("takes a moment", () => {
      assert.equal(readSince("2026-11-01T15:30", now), new Date(2026, 10, 1, 15, 30).getTime());
    });
    for (const text of ["yesterday-ish", "2026-13-40", "7", "", "2026-11-01T25:00"]) {
      it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => readSince(text, now), UsageError));
    }
  });

  describe("--project", () => {
    const known = {
      projects: [
        aProject(),
        aProject({ id: "project2", name: "docs", path: "/home/me/docs", commonDir: "/home/me/docs/.git" }),
      ],
      worktrees: [aWorktree()],
    };
    const find = (named: string, projects = known.projects) =>
      namedProject({ ...known, projects }, named, "/home/me").id;
    it("is a name", () => assert.equal(find("docs"), "project2"));
    it("is a path, from here", () => assert.equal(find("shop/src"), "project1"));
    it("is a path in a worktree", () => assert.equal(find("/home/me/shop-feature-payment/src"), "project1"));
    it("is no path where it is a word alone, and is refused with the names that there are", () => {
      const message = 'There is no project "nothing". There are: docs, shop.';
      assert.throws(() => namedProject(known, "nothing", "/home/me/shop"), { name: TallyError.name, message });
    });
    it("is where you stand", () => assert.equal(namedProject(known, ".", "/home/me/shop").id, "project1"));
    it("is refused when several have the name, with their paths", () => {
      const twins = known.projects.map((project) => ({ ...project, name: "shop" }));
      assert.throws(() => find("shop", twins), /Give its path: \/home\/me\/shop, \/home\/me\/docs/);
    });
  });
});
