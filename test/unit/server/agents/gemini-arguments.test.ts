import assert from "node:assert/strict";
import { type Form, readArguments } from "../../../../src/server/agents/gemini/arguments.ts";

const id = "11111111-2222-4333-8444-555555555555";

const forms: readonly (readonly [Form, readonly string[]])[] = [
  ["interactive", []],
  ["interactive", ["mcp is broken"]],
  ["interactive", ["fix", "mcp"]],
  ["interactive", ["--", "mcp"]],
  ["interactive", ["-i", "mcp"]],
  ["interactive", ["--prompt-interactive=mcp"]],
  ["interactive", ["-m", "mcp"]],
  ["interactive", ["--model", "gemini-2.5-pro", "--yolo", "say --help"]],
  ["interactive", ["-e", "hooks"]],
  ["interactive", ["--policy", "skills", "hello"]],
  ["interactive", ["--include-directories", "extensions"]],
  ["interactive", ["-r"]],
  ["interactive", ["--resume", "latest"]],
  ["interactive", ["-r", id, "go on"]],
  ["interactive", ["-w", "hooks"]],
  ["interactive", ["-i", "-p"]],
  ["interactive", ["-yi", "mcp"]],
  ["interactive", ["-s", "--approval-mode", "plan"]],
  ["headless", ["-p", "mcp"]],
  ["headless", ["-yp", "mcp"]],
  ["headless", ["--prompt=mcp"]],
  ["headless", ["-o", "json", "--prompt", "--version"]],
  ["other", ["mcp"]],
  ["other", ["mcp", "list"]],
  ["other", ["-d", "mcp", "add", "x"]],
  ["other", ["extensions", "install", "url"]],
  ["other", ["extension", "list"]],
  ["other", ["skills", "list"]],
  ["other", ["skill", "list"]],
  ["other", ["hooks", "migrate"]],
  ["other", ["hook"]],
  ["other", ["gemma", "start"]],
  ["other", ["--help"]],
  ["other", ["-h"]],
  ["other", ["mcp", "--help"]],
  ["other", ["-v"]],
  ["other", ["--version"]],
  ["other", ["-dv"]],
  ["other", ["-l"]],
  ["other", ["--list-extensions"]],
  ["other", ["--list-sessions"]],
  ["other", ["--delete-session", "3"]],
  ["other", ["--acp"]],
  ["other", ["--experimental-acp"]],
];

describe("Gemini CLI's arguments", () => {
  for (const [form, args] of forms) {
    it(`gemini ${args.join(" ")} is ${form}`, () => {
      assert.equal(readArguments(args, true).form, form);
    });
  }

  it("mean a run without a person where nobody can type", () => {
    assert.equal(readArguments(["hello"], false).form, "headless");
    assert.equal(readArguments(["mcp", "list"], false).form, "other");
  });

  it("tell which conversation it is, where they name one", () => {
    const chosen = (...args: string[]) => {
      const { conversationId, isConversationChosen } = readArguments(args, true);
      return { conversationId, isConversationChosen };
    };
    assert.deepEqual(chosen("hello"), { conversationId: null, isConversationChosen: false });
    assert.deepEqual(chosen("--session-id", "mine"), { conversationId: "mine", isConversationChosen: true });
    assert.deepEqual(chosen("-r", id), { conversationId: id, isConversationChosen: true });
    assert.deepEqual(chosen(`--resume=${id}`), { conversationId: id, isConversationChosen: true });
    assert.deepEqual(chosen("-r", "5"), { conversationId: null, isConversationChosen: true });
    assert.deepEqual(chosen("-r", "--yolo"), { conversationId: null, isConversationChosen: true });
    assert.deepEqual(chosen("--session-file", "a.json"), { conversationId: null, isConversationChosen: true });
    assert.deepEqual(chosen("-i", "-r"), { conversationId: null, isConversationChosen: false });
  });

  it("tell what it is asked at its start", () => {
    const asked = (...args: string[]) => readArguments(args, true).prompt;
    assert.equal(asked(), null);
    assert.equal(asked("-m", "x"), null);
    assert.equal(asked("fix", "it"), "fix it");
    assert.equal(asked("-r", id, "go on"), "go on");
    assert.equal(asked("-i", "fix it"), "fix it");
    assert.equal(asked("--prompt-interactive=--fix\nit"), "--fix\nit");
    assert.equal(asked("fix", "--", "--it"), "fix --it");
  });
});
