import assert from "node:assert/strict";
import { codex } from "../../../../src/server/agents/codex.ts";

const id = "01a1fcc2-9a94-7f02-b06a-364ab5b08f9b";

describe("going on with a conversation of Codex", () => {
  it("resumes it by its id, with a prompt or none", () => {
    assert.deepEqual(codex.resume(id, null, []), ["resume", id]);
    assert.deepEqual(codex.resume(id, "go on", []), ["resume", id, "go on"]);
  });

  it("keeps a prompt that looks like an option a prompt", () => {
    assert.deepEqual(codex.resume(id, "--help me", []), ["resume", id, "--", "--help me"]);
  });

  const options = ["-m", "gpt-5.4", "-c", 'model_provider="x"', "-pwork", "--sandbox=read-only", "-a", "never"];
  for (const [launch, args] of Object.entries({
    "a prompt": [...options, "fix it"],
    "a prompt behind --": [...options, "--", "resume"],
    "images for its first prompt": [...options, "-i", "one.png", "two.png", "--", "fix it"],
    "another conversation": ["resume", "another", ...options],
    "the last conversation": ["resume", "--last", ...options, "go"],
    "a fork of one": ["fork", ...options, "another"],
  })) {
    it(`keeps the options of a launch with ${launch}, and nothing else`, () => {
      assert.deepEqual(codex.resume(id, "go on", args), ["resume", ...options, id, "go on"]);
    });
  }

  it("goes on without a person where there was none", () => {
    const args = ["exec", "--json", "-m", "gpt-5.4", "fix it"];
    assert.deepEqual(codex.resume(id, "go on", args), ["exec", "--json", "-m", "gpt-5.4", "resume", id, "go on"]);
    assert.equal(codex.resume(id, null, args), null);
  });

  for (const args of [["exec", "--ephemeral", "fix it"], ["review"], ["--remote", "ws://127.0.0.1:1"]]) {
    it(`cannot be done after: codex ${args.join(" ")}`, () => {
      assert.equal(codex.resume(id, "go on", args), null);
    });
  }
});
