import assert from "node:assert/strict";
import { answerOutput, readRequest, requestId } from "../../../../src/server/agents/claude/requests.ts";
import { readHook } from "../../../../src/server/agents/claude/hooks.ts";

const call = (tool_name: string, tool_input: Record<string, unknown>, more: Record<string, string> = {}) => ({
  session_id: "11111111-1111-4111-8111-111111111111",
  prompt_id: "p1",
  tool_name,
  tool_input,
  ...more,
});
const colours = {
  question: "Which colours?",
  header: "Colour",
  multiSelect: true,
  options: [{ label: "Red", description: "like a rose" }, { label: "Blue" }],
};
const size = {
  question: "Which size?",
  header: "Size",
  multiSelect: false,
  options: [{ label: "Big", description: "b" }],
};

const permissions: readonly { tool: string; input: Record<string, unknown>; title: string; detail: string }[] = [
  {
    tool: "Bash",
    input: { command: "touch x\nrm y", description: "Make a file", dangerouslyDisableSandbox: true },
    title: "Bash: touch x … (+1 line)",
    detail: "touch x\nrm y\n\ndescription: Make a file\ndangerouslyDisableSandbox: true",
  },
  {
    tool: "Write",
    input: { file_path: "/w/a.txt", content: "1\n2\n" },
    title: "Write: /w/a.txt",
    detail: "/w/a.txt\n\n1\n2\n",
  },
  {
    tool: "Edit",
    input: { file_path: "/w/a.txt", old_string: "one\ntwo", new_string: "1\ntwo", replace_all: false },
    title: "Edit: /w/a.txt",
    detail: "/w/a.txt\n\n- one\n- two\n+ 1\n+ two\n\nreplace_all: false",
  },
  {
    tool: "Edit",
    input: { file_path: "/w/a.txt", edits: [1] },
    title: "Edit: /w/a.txt",
    detail: "/w/a.txt\n\nedits: [\n  1\n]",
  },
  {
    tool: "WebFetch",
    input: { url: "https://example.com/", prompt: "What is it?" },
    title: "WebFetch: https://example.com/",
    detail: "https://example.com/\n\nprompt: What is it?",
  },
  { tool: "ExitPlanMode", input: { plan: "1. Do it" }, title: "Carry out its plan", detail: "1. Do it" },
  {
    tool: "mcp__db__query",
    input: { limit: 5, sql: "select 1" },
    title: "mcp__db__query: select 1",
    detail: "limit: 5\nsql: select 1",
  },
  { tool: "Mystery", input: {}, title: "Mystery", detail: "" },
];

describe("What Claude Code asks", () => {
  for (const { tool, input, title, detail } of permissions) {
    it(`a permission for ${tool} shows all of it: ${title}`, () => {
      const request = readRequest(call(tool, input));
      assert.deepEqual(
        [request.kind, request.title, request.detail, request.questions],
        ["permission", title, detail, []],
      );
    });
  }

  it("a long command is shortened in the title alone", () => {
    const command = `echo ${"x".repeat(500)}`;
    const { title, detail } = readRequest(call("Bash", { command }));
    assert.equal(Array.from(title).length, "Bash: ".length + 100);
    assert.ok(title.endsWith("…"));
    assert.equal(detail, command);
  });

  it("a sub-agent's is said to be one", () => {
    const request = readRequest(call("Bash", { command: "ls" }, { agent_id: "a1", agent_type: "Explore" }));
    assert.equal(request.title, "Bash: ls (sub-agent Explore)");
  });

  it("questions keep their texts, options and order", () => {
    const request = readRequest(call("AskUserQuestion", { questions: [colours, size] }));
    assert.equal(request.kind, "question");
    assert.equal(request.title, "Which colours? (and 1 more)");
    assert.deepEqual(request.questions, [
      {
        text: "Which colours?",
        header: "Colour",
        multiSelect: true,
        options: [
          { label: "Red", description: "like a rose" },
          { label: "Blue", description: null },
        ],
      },
      { text: "Which size?", header: "Size", multiSelect: false, options: [{ label: "Big", description: "b" }] },
    ]);
    assert.equal(request.detail, "Which colours?\nWhich size?");
  });
});

describe("The id of what Claude Code asks", () => {
  const bash = call("Bash", { command: "ls", description: "d" });

  it("is the same when it is handed over again", () => {
    assert.equal(requestId(bash), requestId(call("Bash", { description: "d", command: "ls" })));
  });

  for (const [what, other] of [
    ["input", call("Bash", { command: "ls -l", description: "d" })],
    ["tool", call("PowerShell", { command: "ls", description: "d" })],
    ["prompt", { ...bash, prompt_id: "p2" }],
    ["agent", { ...bash, agent_id: "a1" }],
  ] as const) {
    it(`is another for another ${what}`, () => {
      assert.notEqual(requestId(bash), requestId(other));
    });
  }

  it("of a question is the same once it has answers", () => {
    const asked = call("AskUserQuestion", { questions: [size] });
    const answered = call("AskUserQuestion", { questions: [size], answers: { "Which size?": "Big" }, annotations: {} });
    assert.equal(requestId(asked), requestId(answered));
  });
});

describe("An answer to Claude Code", () => {
  const asked = call("AskUserQuestion", { questions: [colours, size] });
  const request = { ...readRequest(asked), at: 1, isAnswerable: true };
  const decision = (answer: Parameters<typeof answerOutput>[1]) =>
    (JSON.parse(answerOutput(request, answer, asked)) as { hookSpecificOutput: { decision: unknown } })
      .hookSpecificOutput;

  it("allows", () => {
    assert.deepEqual(decision({ choice: "allow" }), {
      hookEventName: "PermissionRequest",
      decision: { behavior: "allow" },
    });
  });

  it("denies, with the person's words", () => {
    assert.deepEqual(decision({ choice: "deny", message: "Use tabs." }).decision, {
      behavior: "deny",
      message: "Use tabs.",
    });
  });

  it("hands the choices over beside what was asked", () => {
    assert.deepEqual(decision({ choice: "answers", answers: [["Red", "Blue"], ["my own words"]] }).decision, {
      behavior: "allow",
      updatedInput: {
        questions: [colours, size],
        answers: { "Which colours?": "Red, Blue", "Which size?": "my own words" },
      },
    });
  });
});

describe("A hook's payload", () => {
  const withheld: readonly (readonly [string, unknown])[] = [
    ["Stop", null],
    ["Stop", "text"],
    ["Stop", {}],
    ["PermissionRequest", { session_id: "s", tool_name: 5 }],
    ["StopFailure", { session_id: "s" }],
    ["Notification", { session_id: "s", notification_type: "auth_success" }],
    ["statusLine", { cost: { total_cost_usd: -1 } }],
    ["PreToolUse", call("Bash", {})],
    ["constructor", {}],
  ];
  for (const [channel, payload] of withheld) {
    it(`of ${channel} that says nothing of use gives no readings: ${JSON.stringify(payload)}`, () => {
      assert.deepEqual(readHook(payload, channel, 0), []);
    });
  }

  it("of a sub-agent whose turn failed does not fail the turn", () => {
    assert.deepEqual(readHook({ session_id: "s", agent_id: "a1", error: "server_error" }, "StopFailure", 0), []);
  });
});
