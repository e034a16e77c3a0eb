import assert from "node:assert/strict";
import { readHook } from "../../../../src/server/agents/gemini/hooks.ts";
import type { TimedReading } from "../../../../src/server/agents/reading.ts";
import { geminiFixtureLines } from "../../../support/gemini-fixtures.ts";

const recorded = geminiFixtureLines("gemini-0.59.0/hooks.jsonl") as Record<string, unknown>[];

/** What the first hook of this name says that was recorded. */
function first(event: string): readonly TimedReading[] {
  return readHook(recorded.find((payload) => payload["hook_event_name"] === event));
}

function requestsIn(readings: readonly TimedReading[]) {
  return readings.flatMap((reading) => (reading.type === "request" ? [reading.request] : []));
}

function permission(details: Record<string, unknown>) {
  const timestamp = "2026-11-21T06:48:03.836Z";
  const [request] = requestsIn(
    readHook({
      session_id: "s",
      timestamp,
      hook_event_name: "Notification",
      notification_type: "ToolPermission",
      details,
    }),
  );
  return request;
}

describe("Gemini CLI's hooks", () => {
  it("tell its course, as they were recorded; of an interrupted permission they tell nothing", () => {
    const course = recorded
      .flatMap(readHook)
      .flatMap((reading) =>
        reading.type === "activity" ? [reading.activity] : reading.type === "request" ? ["asks"] : [],
      );
    assert.deepEqual(course, [
      "idle",
      ...["working", "asks", "idle"],
      ...["working", "asks", "idle"],
      ...["working", "asks", "idle"],
      ...["working", "idle"],
      ...["working", "asks"],
      ...["working", "idle"],
      ...["working", "idle"],
    ]);
  });

  it("name the conversation and its chat file, at the agent's own time", () => {
    const [reading] = first("SessionStart");
    assert.ok(reading?.type === "conversation");
    assert.match(reading.transcriptPath ?? "", /^\/home\/ada\/\.gemini\/tmp\/work\/chats\/session-.*\.jsonl$/);
    assert.equal(new Date(reading.at ?? 0).toISOString(), "2026-11-21T06:48:01.229Z");
  });

  it("ask in full, and a tool that has run ends what was asked about it and nothing else", () => {
    const asked = recorded.flatMap((payload) => requestsIn(readHook(payload)));
    assert.deepEqual(
      asked.map(({ kind, title }) => [kind, title]),
      [
        ["permission", "Shell: touch made-by-a-tool"],
        ["question", "Ask User"],
        ["permission", "Edit notes.txt"],
        ["permission", "Shell: touch second"],
      ],
    );
    assert.equal(asked[0]?.detail, "touch made-by-a-tool");
    const ended = recorded
      .filter((payload) => payload["hook_event_name"] === "AfterTool")
      .flatMap(readHook)
      .flatMap((reading) => (reading.type === "request-over" ? [reading.id] : []));
    const [command, question] = asked.map(({ id }) => id);
    assert.deepEqual(ended.slice(0, 2), [command, question]);
    assert.ok(!ended.includes(asked[3]?.id));
  });

  it("describe what each kind of tool asks", () => {
    assert.deepEqual(permission({ type: "exec", title: "Confirm Shell Command", command: "\nrm -r x &&\necho done" }), {
      id: permission({ type: "exec", command: "\nrm -r x &&\necho done" })?.id,
      kind: "permission",
      title: "Shell: rm -r x && … (+1 line)",
      detail: "\nrm -r x &&\necho done",
      questions: [],
    });
    const mcp = permission({
      type: "mcp",
      title: "t",
      serverName: "db",
      toolName: "drop",
      toolDisplayName: "Drop table",
    });
    assert.equal(mcp?.title, "Drop table (db)");
    const info = permission({ type: "info", title: "t", prompt: "Fetch\nthis", urls: ["https://example.com"] });
    assert.equal(info?.title, "Fetch … (+1 line)");
    assert.equal(info.detail, "Fetch\nthis\nhttps://example.com");
    assert.equal(permission({ type: "exit_plan_mode", title: "Plan approval" })?.title, "Plan approval");
  });

  it("say nothing where the payload is none of these", () => {
    const strange = [null, 3, {}, { hook_event_name: "BeforeAgent" }, { ...recorded[0], hook_event_name: "NewHook" }];
    assert.deepEqual(strange.flatMap(readHook), []);
    assert.deepEqual(first("SessionEnd"), []);
    assert.deepEqual(first("PreCompress"), []);
  });
});
