import assert from "node:assert/strict";
import { claude } from "../../../../src/server/agents/claude.ts";
import type { AgentLaunch, LaunchRequest } from "../../../../src/server/agents/adapter.ts";
import { claudeVersions } from "../../../support/claude.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const id = "11111111-1111-4111-8111-111111111111";
const ours = "/run/session/settings.json";
const theirLine = { type: "command", command: "my-status --colour", padding: 2 };

interface Given extends Partial<Omit<LaunchRequest, "args">> {
  readonly version?: string | null;
  readonly texts?: Readonly<Record<string, unknown>>;
}

function launch(
  args: readonly string[],
  { version = "2.1.329", texts = {}, ...given }: Given = {},
): Promise<AgentLaunch> {
  const request: LaunchRequest = {
    sessionId: "s1",
    args,
    env: { HOME: "/home/dev" },
    cwd: "/home/dev/work",
    mode: "pty",
    find: (program) => `/bin/${program}`,
    versionOf: () => Promise.resolve(version),
    readText: (path) => {
      const text = texts[path];
      return text === undefined ? null : typeof text === "string" ? text : JSON.stringify(text);
    },
    folder: "/run/session",
    hooks: {
      report: (channel) => `report ${channel}`,
      ask: (channel) => `ask ${channel}`,
      wrap: (channel, command) => `wrap ${channel}: ${command}`,
    },
    freePort: () => Promise.resolve(1),
    newSecret: () => "secret",
    mayContinueItself: false,
    ...given,
  };
  return Promise.resolve(claude.plan(request));
}

interface HookGroup {
  readonly matcher?: string;
  readonly hooks: readonly { command: string; timeout: number }[];
}

interface WrittenSettings {
  readonly hooks: Readonly<Record<string, readonly HookGroup[]>>;
  readonly statusLine?: unknown;
  readonly [key: string]: unknown;
}

function settingsOf({ files }: AgentLaunch): WrittenSettings {
  return JSON.parse(files["settings.json"] ?? "null") as WrittenSettings;
}

/** What is left of our settings where no hook may run. */
const onlyStops = { autoContinueAtUsageLimit: false };

describe("A launch of Claude Code", () => {
  for (const version of claudeVersions) {
    it(`${version}: switches on hooks by a settings file of its own, and names the conversation`, async () => {
      const plan = await launch(["fix the bug"], { version });
      assert.deepEqual(plan.args.slice(0, 3), ["--settings", ours, "--session-id"]);
      assert.match(plan.args[3] ?? "", uuid);
      assert.deepEqual(plan.args.slice(4), ["fix the bug"]);
      assert.equal(plan.conversationId, plan.args[3]);
      assert.equal(plan.version, version);
      assert.deepEqual(Object.keys(settingsOf(plan).hooks).sort(), [
        "Notification",
        "PermissionRequest",
        "PostToolUse",
        "PostToolUseFailure",
        "SessionEnd",
        "SessionStart",
        "Stop",
        "StopFailure",
        "UserPromptSubmit",
      ]);
    });
  }

  it("only one hook waits, and as long as a person may take", async () => {
    const { hooks } = settingsOf(await launch([]));
    const commands = Object.values(hooks).flatMap((groups) => groups.flatMap((group) => group.hooks));
    assert.deepEqual(
      commands.filter(({ command }) => command.startsWith("ask")),
      [{ type: "command", command: "ask PermissionRequest", timeout: 3600 }],
    );
    assert.equal(hooks["PermissionRequest"]?.[1]?.hooks[0]?.command, "report PermissionRequest");
    assert.ok(commands.every(({ command, timeout }) => command.startsWith("ask") || timeout === 10));
  });

  it("a plan is told of, and not asked for: its hook would see nothing of it", async () => {
    const { hooks } = settingsOf(await launch([]));
    const heard = (tool: string) =>
      hooks["PermissionRequest"]
        ?.filter(({ matcher }) => new RegExp(matcher ?? "").test(tool))
        .map((group) => group.hooks[0]?.command);
    assert.deepEqual(heard("ExitPlanMode"), ["report PermissionRequest"]);
    assert.deepEqual(heard("Bash"), ["ask PermissionRequest"]);
    assert.deepEqual(heard("mcp__a__ExitPlanModeToo"), ["ask PermissionRequest"]);
  });

  it("takes the time to wait for an answer from the environment", async () => {
    const { hooks } = settingsOf(await launch([], { env: { HOME: "/home/dev", TALLY_ANSWER_TIMEOUT_S: "3" } }));
    assert.equal(hooks["PermissionRequest"]?.[0]?.hooks[0]?.timeout, 3);
  });

  it("expects to hear from all that the version speaks", async () => {
    const [newer, older] = await Promise.all(claudeVersions.map((version) => launch([], { version })));
    assert.deepEqual(newer?.expects, ["hook", "transcript", "state-file", "program-status"]);
    assert.deepEqual(older?.expects, ["hook", "transcript", "state-file"]);
  });

  for (const args of [["mcp", "list"], ["--help"], ["doctor"], ["--bg", "hi"]]) {
    it(`[${args.join(" ")}] stays as typed`, async () => {
      const plan = await launch(args);
      assert.deepEqual([plan.args, plan.files, plan.expects, plan.conversationId], [args, {}, [], null]);
    });
  }

  it("adds no id where the arguments choose the conversation", async () => {
    assert.deepEqual((await launch(["-c"])).args, ["--settings", ours, "-c"]);
    const resumed = await launch(["--resume", id, "go on"]);
    assert.deepEqual(resumed.args, ["--settings", ours, "--resume", id, "go on"]);
    assert.equal(resumed.conversationId, id);
  });

  it("adds no hooks where there is no shell for them", async () => {
    const plan = await launch(["hi"], { hooks: null });
    assert.deepEqual(settingsOf(plan), onlyStops);
    assert.ok(!plan.expects.includes("hook"));
  });

  it("passes a version from before our flags nothing", async () => {
    const plan = await launch(["hi"], { version: "1.0.88" });
    assert.deepEqual([plan.args, plan.expects], [["hi"], []]);
  });

  it("passes an unknown version the oldest hooks alone", async () => {
    const hooks = Object.keys(settingsOf(await launch(["hi"], { version: null })).hooks);
    assert.deepEqual(hooks.sort(), [
      "Notification",
      "PostToolUse",
      "SessionEnd",
      "SessionStart",
      "Stop",
      "UserPromptSubmit",
    ]);
  });

  for (const [how, args, mode] of [
    ["--print", ["-p", "hi"], "pty"],
    ["pipes", ["hi"], "pipes"],
  ] as const) {
    it(`with ${how} has no hook that shows in the output, or waits for somebody`, async () => {
      const plan = await launch(args, {
        mode,
        texts: { "/home/dev/.claude/settings.json": { statusLine: theirLine } },
      });
      const { hooks, statusLine } = settingsOf(plan);
      assert.equal(hooks["SessionStart"], undefined);
      assert.equal(hooks["PermissionRequest"], undefined);
      assert.equal(statusLine, undefined);
      assert.deepEqual(plan.expects, ["hook", "transcript"]);
    });
  }
});

describe("A person's own settings at a launch of Claude Code", () => {
  it("given as JSON are kept, their hooks before ours", async () => {
    const stop = { matcher: "", hooks: [{ type: "command", command: "mine" }] };
    const given = { model: "opus", hooks: { Stop: [stop], PreToolUse: [stop] } };
    const plan = await launch(["--settings", JSON.stringify(given), "hi"]);
    assert.deepEqual(plan.args.slice(0, 2), ["--settings", ours]);
    assert.equal(plan.args.filter((arg) => arg === "--settings").length, 1);
    assert.equal(plan.args.at(-1), "hi");
    const { model, hooks } = settingsOf(plan);
    assert.equal(model, "opus");
    assert.deepEqual(hooks["PreToolUse"], [stop]);
    assert.deepEqual(
      hooks["Stop"]?.map((group) => group.hooks[0]?.command),
      ["mine", "report Stop"],
    );
  });

  it("given as a file are found from the working directory", async () => {
    const plan = await launch(["--settings=my.json"], { texts: { "/home/dev/work/my.json": { model: "opus" } } });
    assert.equal(settingsOf(plan)["model"], "opus");
  });

  for (const value of ["missing.json", "{broken", '{"hooks": 5}', "[]"]) {
    it(`stay as typed when they make no sense: ${value}`, async () => {
      const plan = await launch(["--settings", value, "hi"]);
      assert.equal(plan.args[0], "--session-id");
      assert.deepEqual(plan.args.slice(2), ["--settings", value, "hi"]);
      assert.deepEqual([plan.files, plan.expects.includes("hook")], [{}, false]);
    });
  }

  const user = "/home/dev/.claude/settings.json";
  const project = "/home/dev/work/.claude/settings.json";
  const local = "/home/dev/work/.claude/settings.local.json";
  const managed = "/etc/claude-code/managed-settings.json";
  const line = (command: string) => ({ statusLine: { type: "command", command } });
  const lines: readonly { what: string; args?: string[]; texts: Record<string, unknown>; runs: string | undefined }[] =
    [
      { what: "none: none of ours either, it would take a row", texts: {}, runs: undefined },
      { what: "the user's", texts: { [user]: line("u") }, runs: "u" },
      { what: "the project's over the user's", texts: { [user]: line("u"), [project]: line("p") }, runs: "p" },
      { what: "the local one over the project's", texts: { [project]: line("p"), [local]: line("l") }, runs: "l" },
      {
        what: "the given one over all files",
        args: ["--settings", JSON.stringify(line("g"))],
        texts: { [local]: line("l") },
        runs: "g",
      },
      { what: "an administrator's: none of ours", texts: { [managed]: line("m"), [user]: line("u") }, runs: undefined },
      {
        what: "only of files that count",
        args: ["--setting-sources", "user"],
        texts: { [user]: line("u"), [local]: line("l") },
        runs: "u",
      },
      {
        what: "one that is no command",
        texts: { [user]: { statusLine: { type: "static", text: "x" } } },
        runs: undefined,
      },
      { what: "in a file that cannot be read", texts: { [user]: "{broken" }, runs: undefined },
    ];
  for (const { what, args = [], texts, runs } of lines) {
    it(`status line, ${what}`, async () => {
      const { statusLine } = settingsOf(await launch(args, { texts }));
      assert.deepEqual(
        statusLine,
        runs === undefined ? undefined : { type: "command", command: `wrap statusLine: ${runs}` },
      );
    });
  }

  const main = "/home/dev/main/.claude/settings.local.json";
  const inWorktree = {
    "/home/dev/work/.git": "gitdir: /home/dev/main/.git/worktrees/work\n",
    "/home/dev/main/.git/worktrees/work/commondir": "../..\n",
    [user]: line("u"),
  };
  const inSubfolder = { "/home/dev/.git/HEAD": "ref: refs/heads/main\n", [user]: line("u") };
  const checkouts: readonly {
    what: string;
    version?: string;
    texts: Record<string, unknown>;
    runs: string | undefined;
  }[] = [
    { what: "2.1.329 in a worktree: the main checkout's", texts: { ...inWorktree, [main]: line("m") }, runs: "m" },
    {
      what: "2.1.329 in a worktree: the main checkout's over the worktree's own",
      texts: { ...inWorktree, [main]: line("m"), [local]: line("l") },
      runs: "m",
    },
    {
      what: "2.1.329 in a subfolder: the main checkout's",
      texts: { ...inSubfolder, "/home/dev/.claude/settings.local.json": line("m") },
      runs: "m",
    },
    { what: "2.1.329 in a worktree of a main checkout without any", texts: inWorktree, runs: "u" },
    {
      what: "an older version in such a worktree: not sure, so none of ours",
      version: "2.1.197",
      texts: { ...inWorktree, [main]: line("m") },
      runs: undefined,
    },
  ];
  for (const { what, version, texts, runs } of checkouts) {
    it(`status line, ${what}`, async () => {
      const { statusLine } = settingsOf(await launch([], { texts, ...(version === undefined ? {} : { version }) }));
      const command = runs === undefined ? undefined : { type: "command", command: `wrap statusLine: ${runs}` };
      assert.deepEqual(statusLine, command);
    });
  }

  it("keep what else their status line says", async () => {
    const { statusLine } = settingsOf(await launch([], { texts: { [user]: { statusLine: theirLine } } }));
    assert.deepEqual(statusLine, { ...theirLine, command: "wrap statusLine: my-status --colour" });
  });

  it("are looked for in CLAUDE_CONFIG_DIR", async () => {
    const env = { HOME: "/home/dev", CLAUDE_CONFIG_DIR: "/home/dev/work-claude" };
    const plan = await launch([], {
      env,
      texts: { "/home/dev/work-claude/settings.json": line("w"), [user]: line("u") },
    });
    assert.deepEqual(settingsOf(plan).statusLine, { type: "command", command: "wrap statusLine: w" });
    assert.equal(plan.whereabouts["configHome"], "/home/dev/work-claude");
  });

  const noHooks: readonly {
    what: string;
    texts: Record<string, unknown>;
    args?: string[];
    env?: Record<string, string>;
  }[] = [
    { what: "the user disables all hooks", texts: { [user]: { disableAllHooks: true } } },
    { what: "an administrator allows only managed hooks", texts: { [managed]: { allowManagedHooksOnly: true } } },
    { what: "--bare", args: ["--bare"], texts: {} },
    { what: "CLAUDE_CODE_SIMPLE is set", env: { HOME: "/home/dev", CLAUDE_CODE_SIMPLE: "1" }, texts: {} },
  ];
  for (const { what, args = [], texts, env } of noHooks) {
    it(`where no hook would run, none is added or expected: ${what}`, async () => {
      const plan = await launch(args, { texts, ...(env ? { env } : {}) });
      assert.deepEqual([settingsOf(plan), plan.expects.includes("hook")], [onlyStops, false]);
    });
  }

  it("may enable hooks that a weaker file disables", async () => {
    const plan = await launch([], {
      texts: { [user]: { disableAllHooks: true }, [local]: { disableAllHooks: false } },
    });
    assert.ok(plan.expects.includes("hook"));
  });
});

describe("Who goes on with a Claude Code when its limit resets", () => {
  const user = "/home/dev/.claude/settings.json";
  const managed = "/etc/claude-code/managed-settings.json";
  const says = (autoContinueAtUsageLimit: boolean) => ({ autoContinueAtUsageLimit });
  const given = (isOn: boolean) => ["--settings", JSON.stringify(says(isOn))];

  /** Whether it says that it goes on, and what it is told. */
  async function owner(args: readonly string[], options: Given) {
    const plan = await launch(args, options);
    return [plan.continuesItself, settingsOf(plan)["autoContinueAtUsageLimit"]];
  }

  const ours: readonly (readonly [string, readonly string[], Given])[] = [
    ["by default", [], {}],
    ["although their settings file wants Claude Code to", [], { texts: { [user]: says(true) } }],
    ["although they gave settings that want Claude Code to", given(true), {}],
    [
      "where it may go on, but their settings file says no",
      [],
      { mayContinueItself: true, texts: { [user]: says(false) } },
    ],
    ["where it may go on, but they gave settings that say no", given(false), { mayContinueItself: true }],
  ];
  for (const [what, args, options] of ours) {
    it(`Tally, ${what}: it is switched off`, async () => {
      assert.deepEqual(await owner(args, options), [false, false]);
    });
  }

  it("itself, where it may: nothing is changed", async () => {
    assert.deepEqual(await owner([], { mayContinueItself: true }), [true, undefined]);
    assert.deepEqual(await owner(given(true), { mayContinueItself: true }), [true, true]);
  });

  it("itself, where an administrator wants it, for nobody overrides that", async () => {
    assert.deepEqual(await owner([], { texts: { [managed]: says(true) } }), [true, undefined]);
  });

  it("Tally, where an administrator does not want it to", async () => {
    const [continuesItself] = await owner([], { mayContinueItself: true, texts: { [managed]: says(false) } });
    assert.equal(continuesItself, false);
  });

  for (const [what, args, options] of [
    ["a version that cannot", [], { version: "2.1.197", mayContinueItself: true }],
    ["one that is not known", [], { version: null, mayContinueItself: true }],
    ["--print", ["-p", "hi"], { mayContinueItself: true }],
    ["what starts no conversation", ["mcp", "list"], { mayContinueItself: true }],
  ] as const) {
    it(`not ${what}, and no setting is passed`, async () => {
      const plan = await launch(args, options);
      assert.equal(plan.continuesItself, false);
      assert.ok(!(plan.files["settings.json"] ?? "").includes("autoContinue"));
    });
  }
});
