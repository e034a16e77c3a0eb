import assert from "node:assert/strict";
import { permissionOutput } from "../../../../src/server/agents/codex/requests.ts";
import { readHook } from "../../../../src/server/agents/codex/hooks.ts";
import { codexFixtureLines } from "../../../support/codex-fixtures.ts";

interface Payload {
  readonly hook_event_name: string;
  readonly turn_id?: string;
  readonly agent_id?: string;
}

function payloads(name: string): Payload[] {
  return codexFixtureLines(name) as Payload[];
}

function payload(event: string): Payload {
  const found = payloads("hooks.jsonl").find(({ hook_event_name }) => hook_event_name === event);
  assert.ok(found, `no ${event} in the fixture`);
  return found;
}

describe("a hook of Codex", () => {
  it("tells at a session's start which conversation it is, where it is kept, and its model", () => {
    assert.deepEqual(readHook(payload("SessionStart")), [
      {
        type: "conversation",
        id: "01a1fcc2-9a94-7f02-b06a-364ab5b08f9b",
        transcriptPath:
          "/home/dev/.codex/sessions/2026/11/21/rollout-2026-11-21T06-19-34-01a1fcc2-9a94-7f02-b06a-364ab5b08f9b.jsonl",
      },
      { type: "model", model: "gpt-5.4" },
    ]);
  });

  it("tells of a prompt by its turn", () => {
    const { turn_id } = payload("UserPromptSubmit");
    const [, prompt, activity] = readHook(payload("UserPromptSubmit"));
    assert.deepEqual(prompt, { type: "prompt", key: turn_id, text: "say hello" });
    assert.deepEqual(activity, {
      type: "activity",
      activity: "working",
      text: "Codex works on a prompt.",
      signal: "UserPromptSubmit hook",
      turnId: turn_id,
    });
  });

  it("tells what a permission is for, in full", () => {
    const [request, ...others] = readHook(payload("PermissionRequest"));
    assert.deepEqual(others, []);
    assert.equal(request?.type, "request");
    assert.deepEqual(request.request, {
      id: request.request.id,
      kind: "permission",
      title: "Bash: touch made-by-codex",
      detail: "touch made-by-codex\n\nIts reason: May I touch made-by-codex?",
      questions: [],
    });
  });

  it("shows all lines of a command, and in the title the first, and how many more", () => {
    const [request] = readHook({
      ...payload("PermissionRequest"),
      tool_input: { command: "echo one\nrm -rf two" },
    });
    assert.equal(request?.type, "request");
    assert.equal(request.request.title, "Bash: echo one … (+1 line)");
    assert.equal(request.request.detail, "echo one\nrm -rf two");
  });

  it("shows all of what a tool without a command would get", () => {
    const [request] = readHook({
      ...payload("PermissionRequest"),
      tool_name: "mcp__files__write",
      tool_input: { path: "/etc/hosts" },
    });
    assert.equal(request?.type, "request");
    assert.equal(request.request.title, "mcp__files__write");
    assert.deepEqual(JSON.parse(request.request.detail), { path: "/etc/hosts" });
  });

  it("tells two permissions of one turn apart", () => {
    const ids = ["ls", "pwd"].map((command) => {
      const [request] = readHook({ ...payload("PermissionRequest"), tool_input: { command } });
      return request?.type === "request" ? request.request.id : null;
    });
    assert.equal(new Set(ids).size, 2);
  });

  it("tells of an interruption, and of which turn", () => {
    const { turn_id: turnId } = payload("Interrupt");
    assert.deepEqual(readHook(payload("Interrupt")), [
      { type: "activity", activity: "interrupted", text: "You interrupted it.", signal: "Interrupt hook", turnId },
    ]);
  });

  it("says nothing for a sub-agent, whose prompts and transcript are not the person's", () => {
    const theirs = payloads("hooks-subagents.jsonl").filter(({ agent_id }) => agent_id !== undefined);
    assert.ok(theirs.some(({ hook_event_name }) => hook_event_name === "UserPromptSubmit"));
    assert.deepEqual(
      theirs.flatMap((each) => readHook(each)),
      [],
    );
  });

  it("tells of a sub-agent's permission, too", () => {
    const [request] = readHook({ ...payload("PermissionRequest"), agent_id: "a", agent_type: "default" });
    assert.equal(request?.type, "request");
  });

  for (const odd of [null, "Stop", 7, [], {}, { hook_event_name: "Unheard" }, { hook_event_name: "SessionStart" }]) {
    it(`says nothing when its payload is ${JSON.stringify(odd)}`, () => {
      assert.deepEqual(readHook(odd), []);
    });
  }
});

describe("an answer to Codex's permission hook", () => {
  const decision = (output: string) =>
    (JSON.parse(output) as { hookSpecificOutput: { hookEventName: string; decision: unknown } }).hookSpecificOutput;

  it("allows", () => {
    assert.deepEqual(decision(permissionOutput({ choice: "allow" })), {
      hookEventName: "PermissionRequest",
      decision: { behavior: "allow" },
    });
  });

  it("denies, with the person's words where there are any", () => {
    assert.deepEqual(decision(permissionOutput({ choice: "deny" })).decision, { behavior: "deny" });
    assert.deepEqual(decision(permissionOutput({ choice: "deny", message: "Not there." })).decision, {
      behavior: "deny",
      message: "Not there.",
    });
  });
});
