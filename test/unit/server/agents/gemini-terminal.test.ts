import assert from "node:assert/strict";
import { readScreen } from "../../../../src/server/agents/gemini/screen.ts";
import { readNotification, readTitle } from "../../../../src/server/agents/gemini/terminal.ts";
import type { TimedReading } from "../../../../src/server/agents/reading.ts";
import { geminiFixture } from "../../../support/gemini-fixtures.ts";

function activities(readings: readonly TimedReading[]): string[] {
  return readings.flatMap((reading) => (reading.type === "activity" ? [reading.activity] : []));
}

describe("Gemini CLI's titles", () => {
  it("tell its course, as they were recorded", () => {
    const titles = geminiFixture("gemini-0.61.0/titles.txt").split("\n");
    assert.deepEqual(
      titles.flatMap((title) => activities(readTitle(title))),
      [
        ...["idle", "idle"],
        ...["working", "waiting", "working", "idle"],
        ...["working", "waiting", "working", "idle"],
        ...["working", "waiting", "working", "idle"],
        ...["working", "idle"],
        ...["working", "waiting", "idle"],
        ...["working", "idle"],
        ...["working", "idle"],
      ],
    );
  });

  it("end what was asked, unless they say that it waits", () => {
    const endsRequests = (title: string) => readTitle(title).some(({ type }) => type === "request-over");
    assert.ok(endsRequests("◇  Ready (work)"));
    assert.ok(endsRequests("✦  Working… (work)"));
    assert.ok(!endsRequests("✋  Action Required (work)"));
  });

  it("are read as they are padded or with single blanks, with a thought in them, and while a command is silent", () => {
    assert.deepEqual(activities(readTitle("◇  Ready (work)".padEnd(80))), ["idle"]);
    assert.deepEqual(activities(readTitle("✋ Action Required (work)")), ["waiting"]);
    assert.deepEqual(activities(readTitle("✦  Considering the options (work)")), ["working"]);
    assert.deepEqual(activities(readTitle("⏲  Working… (work)")), ["working"]);
  });

  it("say nothing where they are others", () => {
    for (const title of ["", "Gemini CLI (work)", "Ready", "vim: ◇  Ready (work)", "◇ Ready"]) {
      assert.deepEqual(readTitle(title), []);
    }
  });
});

describe("Gemini CLI's notifications", () => {
  it("tell that it waits and that it has finished, as OSC 777 and as OSC 9", () => {
    const attention = "Gemini CLI needs your attention";
    assert.deepEqual(activities(readNotification({ title: attention, body: "Shell | touch x" })), ["waiting"]);
    assert.deepEqual(activities(readNotification({ title: null, body: `${attention} | Shell | touch x` })), [
      "waiting",
    ]);
    assert.deepEqual(activities(readNotification({ title: "Gemini CLI session complete", body: "Run finished" })), [
      "idle",
    ]);
    assert.deepEqual(readNotification({ title: null, body: "Build done: Gemini CLI needs your attention" }), []);
  });
});

const screen = (name: string) => readScreen(geminiFixture(`gemini-0.61.0/screens/${name}.txt`));

describe("Gemini CLI's screen", () => {
  it("shows what it wants to be allowed", () => {
    const [reading] = screen("permission");
    assert.deepEqual(reading, {
      type: "request",
      request: {
        id: "dialog on the screen",
        kind: "permission",
        title: "Shell: touch made-by-a-tool",
        detail: "touch made-by-a-tool\nAllow execution of [Shell]?",
        questions: [],
      },
      signal: "screen: dialog",
    });
    assert.deepEqual(screen("permission-second-option"), [reading]);
    const [edit] = screen("permission-edit");
    assert.ok(edit?.type === "request");
    assert.equal(edit.request.title, "WriteFile: Writing to notes.txt");
    assert.equal(edit.request.detail, "1 one\n2 two\nApply this change?");
  });

  it("shows a question with its options", () => {
    const [reading] = screen("question");
    assert.ok(reading?.type === "request");
    assert.equal(reading.request.kind, "question");
    assert.equal(reading.request.title, "Which colour?");
    assert.deepEqual(
      reading.request.questions.flatMap(({ options }) => options.map(({ label }) => label)),
      ["Red", "Blue", "Enter a custom value"],
    );
  });

  it("shows the question about trust", () => {
    const [reading] = screen("trust");
    assert.ok(reading?.type === "request");
    assert.equal(reading.request.title, "Do you trust the files in this folder?");
  });

  it("shows that a usage limit is in force, as a dialog only", () => {
    const dialog = geminiFixture("gemini-0.61.0/screens/usage-limit.txt");
    assert.deepEqual(activities(readScreen(dialog)), ["limited"]);
    const limit = readScreen(dialog).find((reading) => reading.type === "limit")?.limit;
    assert.deepEqual([limit?.model, limit?.resetsAt, limit?.isExact], ["Pro", null, false]);
    const asked = readScreen(dialog).find((reading) => reading.type === "request");
    assert.equal(asked?.request.title, "Usage limit reached for all Pro models.");
    assert.deepEqual(activities(readScreen(`${dialog}\n >   Type your message or @path/to/file`)), []);
    assert.deepEqual(activities(readScreen(dialog.replace("2. Stop", "2. Stay"))), []);
  });

  it("says that nothing is asked where there is no dialog, whatever the answers talk about", () => {
    const over = [{ type: "request-over", id: "dialog on the screen" }];
    for (const name of ["ready", "answered", "working", "cancelled", "failed"])
      assert.deepEqual(screen(name), over, name);
    assert.deepEqual(readScreen(""), over);
  });

  it("takes a dialog that an answer quotes for an answer", () => {
    const quoted = geminiFixture("gemini-0.61.0/screens/permission.txt")
      .split("\n")
      .map((line) => `  ${line}`)
      .join("\n");
    assert.deepEqual(
      readScreen(quoted).map(({ type }) => type),
      ["request-over"],
    );
  });

  it("knows a dialog that is higher than the screen by what is seen of it", () => {
    const whole = geminiFixture("gemini-0.61.0/screens/permission.txt");
    const [reading] = readScreen(whole.slice(whole.indexOf("│ Allow execution")));
    assert.ok(reading?.type === "request");
    assert.equal(reading.request.title, "a permission");
  });
});
