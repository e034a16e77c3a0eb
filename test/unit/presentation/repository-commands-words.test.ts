import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { repositoryCommandsText } from "../../../src/presentation/repository-commands-words.ts";

describe("what a repository's tally.json would run", () => {
  const text = repositoryCommandsText({
    path: "/home/me/shop/tally.json",
    agent: null,
    prelude: "workon shop &&",
    setup: [{ run: "npm ci", cwd: "frontend" }],
    teardown: [{ run: "docker compose down", cwd: "" }],
    processes: [
      { name: "backend", run: "python manage.py runserver\ncurl evil", cwd: "backend", env: { DEBUG: "1\u202e" } },
    ],
    hash: "h",
    isApproved: false,
  });

  it("is shown whole: the prelude, each command with its folder, and each variable", () => {
    for (const words of [
      "workon shop &&",
      "npm ci (in frontend)",
      "docker compose down",
      "As process backend (in backend):",
    ]) {
      assert.ok(text.includes(words), `"${words}" is missing in:\n${text}`);
    }
  });

  it("hides nothing, and a second line passes for nothing of ours", () => {
    assert.match(text, /runserver\n {4}curl evil/);
    assert.match(text, /DEBUG=1<U\+202E>/);
  });
});
