import assert from "node:assert/strict";
import type { LaunchRequest } from "../../../../src/server/agents/adapter.ts";
import { command } from "../../../../src/server/agents/command.ts";

function launchRequest(args: readonly string[]): LaunchRequest {
  return {
    sessionId: "session",
    args,
    env: {},
    cwd: "/work",
    mode: "pty",
    find: (program) => `/bin/${program}`,
    versionOf: () => Promise.resolve(null),
    readText: () => null,
    folder: "/launch",
    hooks: null,
    freePort: () => Promise.resolve(1),
    mayContinueItself: false,
    newSecret: () => "secret",
  };
}

describe("the agent `command`", () => {
  it("runs the program with its arguments as they are, and adds nothing", async () => {
    assert.deepEqual(await command.plan(launchRequest(["make", "-j 2", "", "$HOME"])), {
      file: "/bin/make",
      args: ["-j 2", "", "$HOME"],
      env: {},
      version: null,
      conversationId: null,
      files: {},
      continuesItself: false,
      expects: [],
      whereabouts: {},
    });
  });

  it("needs a program", () => {
    assert.throws(() => command.plan(launchRequest([])), { code: "invalid-request" });
  });

  it("is titled by what it runs, without the program's folder", () => {
    assert.equal(command.title(["/usr/bin/npm", "run", "dev"]), "npm run dev");
    assert.equal(command.title(["echo", "x".repeat(200)]).length, 80);
  });

  const activities = (readings: readonly { readonly type: string; readonly activity?: string }[] | undefined) =>
    readings?.map(({ activity }) => activity);

  it("is idle while its shell waits for a command, and works while that runs one", () => {
    const { shellPrompt } = command.reads;
    assert.deepEqual(activities(shellPrompt?.({ state: "prompt", exitCode: 3 })), ["idle"]);
    assert.deepEqual(activities(shellPrompt?.({ state: "command", exitCode: null })), ["working"]);
  });

  it("works while it shows progress; an error, a pause and the end of that say nothing", () => {
    const { progress } = command.reads;
    assert.deepEqual(activities(progress?.("normal")), ["working"]);
    assert.deepEqual(activities(progress?.("indeterminate")), ["working"]);
    for (const state of ["error", "warning", "none"] as const) assert.deepEqual(progress?.(state), []);
  });

  it("takes titles and notifications for what they are: its own affair", () => {
    const { title, notification } = command.reads;
    assert.deepEqual([title, notification], [undefined, undefined]);
  });

  it("may have hit a limit when its words are the last thing that it has shown", () => {
    const words = "You’ve hit your usage limit. Try again at 3:14 AM.";
    const said = command.reads.screen?.(`> do it\n\n■ ${words}\n\n`) ?? assert.fail();
    assert.deepEqual(activities(said.filter(({ type }) => type === "activity")), ["limited"]);
    const { isGuess, isExact } = said.find((reading) => reading.type === "limit")?.limit ?? assert.fail();
    assert.deepEqual([isGuess, isExact], [true, false]);
    assert.deepEqual(command.reads.screen?.(`■ ${words}\n\nThat is what it says.\n$ `), []);
    assert.deepEqual(command.reads.screen(""), []);
  });

  it("is on an account of its program's", () => {
    const account = (...args: string[]) =>
      command.account({ args, env: {}, cwd: "/work", readText: () => null }).endpoint;
    assert.equal(account("/usr/bin/aider", "--yes"), account("aider"));
    assert.notEqual(account("aider"), account("crush"));
  });
});
