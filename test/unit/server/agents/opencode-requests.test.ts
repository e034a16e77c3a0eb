import assert from "node:assert/strict";
import type { Whereabouts } from "../../../../src/server/agents/adapter.ts";
import { permissionSchema, questionRequestSchema } from "../../../../src/server/agents/opencode/payloads.ts";
import {
  answerCall,
  permissionRequest,
  questionRequest,
  type ToolInput,
} from "../../../../src/server/agents/opencode/requests.ts";
import type { RequestAnswer } from "../../../../src/protocol/requests.ts";
import { aRequest } from "../../../support/entities.ts";

function permission(fields: Record<string, unknown>, input?: ToolInput) {
  return permissionRequest(permissionSchema.parse({ id: "per_1", sessionID: "ses_1", ...fields }), input);
}

describe("a permission that opencode asks for", () => {
  it("shows a command whole, and where it would run", () => {
    const command = "cat <<'END' > x\none\nEND\nrm -rf build";
    const asked = permission(
      { permission: "bash", patterns: ["cat", "rm -rf build"], metadata: { command } },
      { command, description: "Clean up", workdir: "/srv" },
    );
    assert.equal(asked.title, "bash: cat <<'END' > x … (+3 lines)");
    assert.equal(asked.detail, `${command}\nworkdir: /srv`);
  });

  it("shows a change as its diff, and the file it changes", () => {
    const metadata = { filepath: "/work/a.txt", diff: "--- a.txt\n+++ a.txt\n-one\n+two\n" };
    const asked = permission({ permission: "edit", patterns: ["work/a.txt"], metadata });
    assert.equal(asked.title, "edit: /work/a.txt");
    assert.equal(asked.detail, `filepath: /work/a.txt\n${metadata.diff}`);
  });

  it("shows patterns that nothing else shows", () => {
    const asked = permission({
      permission: "external_directory",
      patterns: ["/etc/*"],
      metadata: { parentDir: "/etc" },
    });
    assert.equal(asked.title, "external_directory: /etc/*");
    assert.equal(asked.detail, "parentDir: /etc\n/etc/*");
  });

  it("shows what a tool is called with, where only the tool call tells", () => {
    const asked = permission({ permission: "bank_pay", patterns: ["*"] }, { amount: 12, to: "Bo" });
    assert.equal(asked.title, "bank_pay");
    assert.equal(asked.detail, "amount: 12\nto: Bo");
  });

  it("says so when it is not known what would be allowed", () => {
    const asked = permission({ permission: "bank_pay", patterns: ["*"] });
    assert.equal(asked.detail, "bank_pay\nWhat it is called with is not known here. Its terminal shows it.");
  });

  it("has a short title and an unabridged detail", () => {
    const command = `echo ${"x".repeat(5_000)}`;
    const asked = permission({ permission: "bash", patterns: [command], metadata: { command } });
    assert.equal(asked.title.length, 100);
    assert.equal(asked.detail, command);
  });
});

describe("a question of opencode's", () => {
  it("keeps its parts, their choices and their order", () => {
    const asked = questionRequest(
      questionRequestSchema.parse({
        id: "que_1",
        sessionID: "ses_1",
        questions: [
          { question: "Which colour?", header: "Colour", options: [{ label: "Blue", description: "the sky" }] },
          { question: "Which sizes?", header: "Sizes", options: [{ label: "S" }, { label: "L" }], multiple: true },
        ],
      }),
    );
    assert.equal(asked.kind, "question");
    assert.equal(asked.title, "Which colour?");
    assert.equal(asked.detail, "Which colour?\nWhich sizes?");
    assert.deepEqual(asked.questions, [
      {
        text: "Which colour?",
        header: "Colour",
        options: [{ label: "Blue", description: "the sky" }],
        multiSelect: false,
      },
      {
        text: "Which sizes?",
        header: "Sizes",
        options: [
          { label: "S", description: null },
          { label: "L", description: null },
        ],
        multiSelect: true,
      },
    ]);
  });
});

describe("an answer to opencode", () => {
  const whereabouts: Whereabouts = {
    launch: { url: "http://127.0.0.1:4711", username: "opencode", password: "secret" },
    cwd: "/",
    pid: 1,
    conversationId: "ses_1",
    transcriptPath: null,
  };
  const permissionAsked = aRequest({ id: "per_1" });
  const questionAsked = aRequest({ id: "que_1", kind: "question" });

  const table: readonly (readonly [RequestAnswer, typeof permissionAsked, path: string, body: unknown])[] = [
    [{ choice: "allow" }, permissionAsked, "/permission/per_1/reply", { reply: "once" }],
    [{ choice: "deny" }, permissionAsked, "/permission/per_1/reply", { reply: "reject" }],
    [
      { choice: "deny", message: "Not today." },
      permissionAsked,
      "/permission/per_1/reply",
      { reply: "reject", message: "Not today." },
    ],
    [
      { choice: "answers", answers: [["Blue"], ["S", "L"]] },
      questionAsked,
      "/question/que_1/reply",
      { answers: [["Blue"], ["S", "L"]] },
    ],
    [{ choice: "deny" }, questionAsked, "/question/que_1/reject", {}],
  ];
  for (const [answer, asked, path, body] of table) {
    it(`${JSON.stringify(answer)} goes to ${path}`, () => {
      const call = answerCall(whereabouts, asked, answer);
      assert.equal(call.url, `http://127.0.0.1:4711${path}`);
      assert.deepEqual(call.body, body);
      assert.deepEqual(call.headers, { authorization: `Basic ${btoa("opencode:secret")}` });
    });
  }

  it("is taken when opencode says true, and by nothing else", () => {
    const { isTaken } = answerCall(whereabouts, permissionAsked, { choice: "allow" });
    assert.ok(isTaken(200, "true"));
    assert.ok(!isTaken(404, '{"_tag":"PermissionNotFoundError"}'));
    assert.ok(!isTaken(200, "<!doctype html><title>OpenCode</title>"));
    assert.ok(!isTaken(200, "false"));
  });

  it("does not become another path by the words of an id", () => {
    const call = answerCall(whereabouts, aRequest({ id: "../session/x" }), { choice: "allow" });
    assert.equal(new URL(call.url).pathname, "/permission/..%2Fsession%2Fx/reply");
  });
});
