import assert from "node:assert/strict";
import type { ProgramStatus } from "../../../../src/protocol/ptyhost.ts";
import { readScreen, readStatus } from "../../../../src/server/agents/claude/terminal.ts";
import type { Activity, TimedReading } from "../../../../src/server/agents/reading.ts";
import { claudeVersions } from "../../../support/claude.ts";
import { recordedScreens } from "../../../support/claude-recording.ts";

const shows: Readonly<Record<string, readonly [Activity, string]>> = {
  idle: ["idle", "It is ready for a prompt."],
  working: ["working", "It is working."],
  "permission-bash": ["waiting", "It waits for your permission."],
  "permission-write": ["waiting", "It waits for your permission."],
  "permission-edit": ["waiting", "It waits for your permission."],
  "permission-fetch": ["waiting", "It waits for your permission."],
  "permission-subagent": ["waiting", "It waits for your permission."],
  question: ["waiting", "It asks you something."],
  questions: ["waiting", "It asks you something."],
  "questions-2": ["waiting", "It asks you something."],
  talk: ["idle", "It is ready for a prompt."],
};

describe("Claude Code's screen", () => {
  for (const version of claudeVersions) {
    const screens = recordedScreens(version);

    for (const [name, [activity, text]] of Object.entries(shows)) {
      it(`${version} showing ${name} is ${activity}`, () => {
        assert.deepEqual(words(readScreen(screens.get(name) ?? "")), [activity, text]);
      });
    }
  }

  const limits = [
    ["2.1.329", "limit", "Usage limit reached · limit resets 7:38am"],
    ["2.1.329", "limit-dialog", "You've hit your 5-hour limit · resets 9:25am (UTC)"],
    ["2.1.197", "limit", "You've hit your session limit · resets 7:39am (UTC)"],
  ] as const;
  for (const [version, name, said] of limits) {
    it(`${version} showing ${name} is limited, and waits for nobody`, () => {
      const readings = readScreen(recordedScreens(version).get(name) ?? "");
      assert.deepEqual(words(readings).slice(0, 1), ["limited"]);
      const limit = readings.find((reading) => reading.type === "limit")?.limit;
      assert.deepEqual([limit?.text, limit?.isExact], [said, false]);
    });
  }

  it("of another program says nothing", () => {
    assert.deepEqual(readScreen("$ ls\nDo you want to proceed?\n❯ 1. Yes\n"), []);
  });

  it("with a dialog's words in the middle of an answer says nothing of a dialog", () => {
    const dialog = recordedScreens("2.1.329").get("permission-bash") ?? "";
    assert.deepEqual(readScreen(`${dialog}\n● and so on`), []);
  });
});

const statuses: readonly (readonly [Pick<ProgramStatus, "state" | "kind" | "message">, Activity, string])[] = [
  [{ state: "working", kind: null, message: null }, "working", "It is working."],
  [{ state: "working", kind: null, message: "Make a file" }, "working", "It is working: Make a file."],
  [
    { state: "blocked", kind: "permission", message: "approve Bash: touch x" },
    "waiting",
    "It waits for you to approve Bash: touch x.",
  ],
  [
    { state: "blocked", kind: "question", message: "answer: Which? (Red · Blue)" },
    "waiting",
    "It waits for you to answer: Which? (Red · Blue)",
  ],
  [{ state: "blocked", kind: null, message: "dialog open" }, "waiting", "It shows a dialog."],
  [{ state: "blocked", kind: null, message: "plan review" }, "waiting", "It waits for you: plan review."],
  [{ state: "done", kind: null, message: null }, "idle", "It has finished its turn."],
  [{ state: "idle", kind: null, message: null }, "interrupted", "It is ready for a prompt."],
  [{ state: "error", kind: null, message: "API Error: 400 No such thing" }, "failed", "API Error: 400 No such thing."],
  [
    { state: "error", kind: null, message: "You've hit your 5-hour limit · resets 3:17am (UTC)" },
    "limited",
    "You've hit your 5-hour limit · resets 3:17am (UTC)",
  ],
];

describe("Claude Code's program status", () => {
  it("of a turn that a limit stopped tells which", () => {
    const message = "You've hit your 5-hour limit · resets 3:17am (UTC)";
    const readings = readStatus({ app: "claude-code", state: "error", kind: null, message });
    const limit = readings.find((reading) => reading.type === "limit")?.limit;
    assert.deepEqual([limit?.kind, limit?.text], ["five-hour", message]);
  });

  for (const [status, activity, text] of statuses) {
    it(`${status.state}${status.message === null ? "" : `, "${status.message}",`} is ${activity}`, () => {
      assert.deepEqual(words(readStatus({ app: "claude-code", ...status })), [activity, text]);
    });
  }

  it("clear says nothing", () => {
    assert.deepEqual(readStatus({ state: "clear", app: null, kind: null, message: null }), []);
  });
});

function words(readings: readonly TimedReading[]) {
  return readings.flatMap((reading) => (reading.type === "activity" ? [reading.activity, reading.text] : []));
}
