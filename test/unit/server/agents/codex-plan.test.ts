import assert from "node:assert/strict";
import type { AgentLaunch, HookLines, LaunchRequest } from "../../../../src/server/agents/adapter.ts";
import { codex } from "../../../../src/server/agents/codex.ts";

const hooks: HookLines = {
  report: (channel) => `report ${channel}`,
  ask: (channel, seconds = 0) => `ask ${channel} for ${seconds} s`,
  wrap: (channel, command) => `wrap ${channel} ${command}`,
};
const id = "01a1fcc2-9a94-7f02-b06a-364ab5b08f9b";

type Given = Partial<LaunchRequest> & { version?: string | null };

async function planned(args: readonly string[], { version = "0.169.0", ...more }: Given = {}): Promise<AgentLaunch> {
  return codex.plan({
    sessionId: "s1",
    args,
    env: {},
    cwd: "/home/dev/proj",
    mode: "pty",
    find: (program) => `/bin/${program}`,
    versionOf: () => Promise.resolve(version),
    readText: () => null,
    folder: "/launch",
    hooks,
    freePort: () => Promise.resolve(1),
    mayContinueItself: false,
    newSecret: () => "",
    ...more,
  });
}

/** The arguments, with our hook flags as one word. */
function abridged({ args }: AgentLaunch): string[] {
  return args.flatMap((arg, index) => {
    const next = args[index + 1] ?? "";
    if (arg === "-c" && next.startsWith("hooks.")) return [];
    if (arg.startsWith("hooks.state=")) return ["HOOKS"];
    return arg.startsWith("hooks.") ? [] : [arg];
  });
}

function eventsIn({ args }: AgentLaunch): string[] {
  return args.flatMap((arg) => /^hooks\.(\w+)=\[/.exec(arg)?.[1] ?? []);
}

function profile(name: string, toml: string): Given {
  const path = `/codex/${name}.config.toml`;
  return { env: { CODEX_HOME: "/codex" }, readText: (asked) => (asked === path ? toml : null) };
}

describe("a launch of Codex", () => {
  it("runs without the shared background server and with hooks, before the person's arguments", async () => {
    assert.deepEqual(abridged(await planned(["-m", "gpt-5", "hello"])), [
      "--no-daemon",
      "HOOKS",
      "-m",
      "gpt-5",
      "hello",
    ]);
  });

  it("puts its flags behind the subcommand", async () => {
    assert.deepEqual(abridged(await planned(["resume", id])), ["resume", "--no-daemon", "HOOKS", id]);
    assert.deepEqual(abridged(await planned(["fork", id])), ["fork", "--no-daemon", "HOOKS", id]);
    assert.deepEqual(abridged(await planned(["exec", "--json", "hi"])), ["exec", "HOOKS", "--json", "hi"]);
  });

  it("has the hooks that tell of a prompt, a permission and an interruption", async () => {
    assert.deepEqual(eventsIn(await planned([])), [
      "SessionStart",
      "UserPromptSubmit",
      "PermissionRequest",
      "Interrupt",
    ]);
  });

  it("leaves arguments that start no conversation as typed, and expects nothing", async () => {
    for (const args of [["login", "status"], ["--help"], ["mcp", "list"], ["completion", "bash"]]) {
      const launch = await planned(args);
      assert.deepEqual(launch.args, args);
      assert.deepEqual(launch.expects, []);
    }
  });

  for (const own of [
    ["-c", "hooks.Stop=[]"],
    ["--config=hooks={}"],
    ["-chooks.state={}"],
    ["-c", "features.hooks=false"],
    ["--disable", "hooks"],
  ]) {
    it(`passes no hooks beside the person's own ${own.join(" ")}`, async () => {
      const launch = await planned([...own, "hello"]);
      assert.deepEqual(launch.args, ["--no-daemon", ...own, "hello"]);
      assert.deepEqual(launch.expects, ["program-status"]);
    });
  }

  it("leaves the person's notify alone", async () => {
    const launch = await planned(["-c", 'notify=["mine"]']);
    assert.deepEqual(abridged(launch), ["--no-daemon", "HOOKS", "-c", 'notify=["mine"]']);
  });

  it("does not repeat a flag that may be given once", async () => {
    assert.deepEqual(abridged(await planned(["--no-daemon"])), ["HOOKS", "--no-daemon"]);
  });

  const known: readonly [version: string | null, expected: string[]][] = [
    ["0.129.9", ["hello"]],
    ["0.130.0", ["HOOKS", "hello"]],
    ["0.155.3", ["HOOKS", "hello"]],
    ["0.156.0-alpha.3", ["HOOKS", "hello"]],
    ["0.156.0", ["--no-daemon", "HOOKS", "hello"]],
    ["0.157.0-alpha.1", ["--no-daemon", "HOOKS", "hello"]],
    ["1.0.0", ["--no-daemon", "HOOKS", "hello"]],
    [null, ["hello"]],
  ];
  for (const [version, expected] of known) {
    it(`passes to version ${version ?? "unknown"} what that knows: ${expected.join(" ")}`, async () => {
      assert.deepEqual(abridged(await planned(["hello"], { version })), expected);
    });
  }

  it("expects nothing of a version it cannot tell", async () => {
    assert.deepEqual((await planned(["hello"], { version: null })).expects, []);
  });

  it("passes no hooks where there is no POSIX shell", async () => {
    assert.deepEqual((await planned(["hello"], { hooks: null })).args, ["--no-daemon", "hello"]);
  });

  it("never trusts hooks that are not ours", async () => {
    assert.ok(!(await planned([])).args.some((arg) => arg.includes("bypass")));
  });

  it("only reports a permission, unless the person lets it wait for an answer", async () => {
    const permission = ({ args }: AgentLaunch) => args.find((arg) => arg.startsWith("hooks.PermissionRequest="));
    assert.match(permission(await planned([])) ?? "", /command="report PermissionRequest",timeout=5\}/);
    assert.match(
      permission(await planned([], { env: { TALLY_CODEX_ANSWERS: "1" } })) ?? "",
      /command="ask PermissionRequest for 60 s",timeout=120\}/,
    );
  });

  const config = (toml: string) => ({
    env: { HOME: "/home/dev" },
    readText: (path: string) => (path === "/home/dev/.codex/config.toml" ? toml : null),
  });
  const reviewed: readonly [what: string, args: string[], given: Given, hasHook: boolean][] = [
    ["a flag", ["--approve-for-me"], {}, false],
    ["an override", ["-c", 'approvals_reviewer="auto_review"'], {}, false],
    ["the person's configuration", [], config('approvals_reviewer = "auto_review" # mine\n[tui]\n'), false],
    ["a profile", ["-p", "safe"], profile("safe", "approvals_reviewer = 'auto_review'"), false],
    ["nothing, for an override says so", ["-c", "approvals_reviewer=user"], config('approvals_reviewer = "x"'), true],
    ["nothing", [], config('model = "gpt-5"'), true],
    ["nothing, for that is another table's key", [], config('[other]\napprovals_reviewer = "auto_review"'), true],
  ];
  for (const [what, args, given, hasHook] of reviewed) {
    it(`${hasHook ? "hears" : "does not hear"} of permissions when ${what} makes a model review them`, async () => {
      assert.equal(eventsIn(await planned(args, given)).includes("PermissionRequest"), hasHook);
    });
  }

  it("expects to hear from what it switched on, and from what this version speaks in a terminal", async () => {
    assert.deepEqual((await planned([])).expects, ["hook", "transcript", "program-status"]);
    assert.deepEqual((await planned(["exec", "hi"], { mode: "pipes" })).expects, ["hook", "transcript"]);
    assert.deepEqual((await planned(["exec", "--ephemeral", "hi"], { mode: "pipes" })).expects, ["hook"]);
    assert.deepEqual((await planned([], { version: "0.160.0" })).expects, ["hook", "transcript"]);
  });

  it("knows the conversation that it resumes", async () => {
    assert.equal((await planned(["resume", id])).conversationId, id);
    assert.equal((await planned([])).conversationId, null);
  });

  it("reads the rollout once a hook has told where it is", () => {
    const whereabouts = { launch: {}, cwd: "/home/dev/proj", pid: 1, conversationId: id };
    const watched = (transcriptPath: string | null) =>
      codex.reads
        .files?.({ ...whereabouts, transcriptPath })
        .map(({ source, path, format }) => ({ source, path, format }));
    assert.deepEqual(watched(null), []);
    assert.deepEqual(watched("/rollout.jsonl"), [{ source: "transcript", path: "/rollout.jsonl", format: "jsonl" }]);
  });
});
