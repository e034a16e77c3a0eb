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

  it("2.1.329 waiting for a limit to reset is limited", () => {
    const screen = recordedScreens("2.1.329").get("limit") ?? "";
    assert.deepEqual(words(readScreen(screen)), ["limited", "Usage limit reached · limit resets 7:38am."]);
  });

  it("2.1.197 asking what to do about a limit waits for the person", () => {
    const screen = recordedScreens("2.1.197").get("limit") ?? "";
    assert.deepEqual(words(readScreen(screen)), ["waiting", "It has hit a usage limit and asks what to do."]);
  });

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
