import assert from "node:assert/strict";
import type { WatchedFile, Whereabouts } from "../../../../src/server/agents/adapter.ts";
import { claude } from "../../../../src/server/agents/claude.ts";
import type { Reading, TimedReading } from "../../../../src/server/agents/reading.ts";
import { type ClaudeVersion, claudeVersions } from "../../../support/claude.ts";
import { recorded, type Recorded, type Recording } from "../../../support/claude-recording.ts";

interface Replayed {
  readonly from: Recorded;
  readonly readings: readonly TimedReading[];
}

/** Reads a recording as the gateway would, one value after the other. */
function replay(version: ClaudeVersion, name: Recording): Replayed[] {
  const recording = recorded(version, name);
  const where = whereabouts(recording);
  const files = claude.reads.files?.(where) ?? [];
  const reads = new Map(files.map((file: WatchedFile) => [file.source, file.reader()]));
  return recording.map((from) => {
    switch (from.source) {
      case "hook":
        return { from, readings: claude.reads.hook?.(from.value, from.channel, recordedAt(recording)) ?? [] };
      case "program-status":
        return { from, readings: claude.reads.programStatus?.(from.value, where) ?? [] };
      case "state-file":
      case "transcript":
        return { from, readings: reads.get(from.source)?.(from.value) ?? [] };
    }
  });
}

/** Hooks tell no time; to the minute it is that of the start. */
function recordedAt(recording: readonly Recorded[]): number {
  return (recording.find(({ source }) => source === "state-file")?.value as { startedAt: number }).startedAt;
}

function whereabouts(recording: readonly Recorded[]): Whereabouts {
  const state = recording.find(({ source }) => source === "state-file")?.value as {
    pid: number;
    sessionId: string;
    startedAt: number;
  };
  return {
    launch: { configHome: "/home/dev/.claude", launchedAt: String(state.startedAt - 300) },
    cwd: "/home/dev/work",
    pid: state.pid,
    conversationId: state.sessionId,
    transcriptPath: null,
  };
}

function activities(replayed: readonly Replayed[], source: Recorded["source"]): string[] {
  return replayed
    .filter(({ from }) => from.source === source)
    .flatMap(({ readings }) => readings.flatMap((each) => (each.type === "activity" ? [each.activity] : [])));
}

function readingsOf<T extends Reading["type"]>(replayed: readonly Replayed[], type: T) {
  return replayed.flatMap(({ readings }) =>
    readings.filter((each): each is Extract<TimedReading, { type: T }> => each.type === type),
  );
}

function lastUsage(replayed: readonly Replayed[]) {
  return Object.assign({}, ...readingsOf(replayed, "usage").map(({ usage }) => usage)) as Record<string, number>;
}

const turn = ["working", "idle"];
const asksOnce = ["working", "waiting", "working", "idle"];

for (const version of claudeVersions) {
  describe(`A recorded story of Claude Code ${version}`, () => {
    const story = replay(version, "story");

    it("in hooks: no end of a turn, for other hooks may make it go on, and no interruption", () => {
      const asks = ["working", "working"];
      const brokenOff = ["working", "working"];
      assert.deepEqual(activities(story, "hook"), ["idle", "working", ...asks, ...asks, ...brokenOff, "working"]);
    });

    it("in the state file: whole", () => {
      const seen = activities(story, "state-file").slice(0, 1 + 2 + 4 + 4 + 2 + 3 + 2);
      assert.deepEqual(seen, [
        "idle",
        ...turn,
        ...asksOnce,
        ...asksOnce,
        ...turn,
        "working",
        "waiting",
        "idle",
        ...turn,
      ]);
    });

    it("in the transcript: prompts, and the interruption of one that the model had begun to answer", () => {
      const withdrawn = ["working"];
      const brokenOff = ["working", "interrupted"];
      assert.deepEqual(activities(story, "transcript"), [
        ...turn,
        ...turn,
        ...turn,
        ...withdrawn,
        ...brokenOff,
        ...turn,
      ]);
      assert.equal(readingsOf(story, "prompt").length, 6);
    });

    it("asks for the same with every hook that belongs to it", () => {
      const asked = readingsOf(story, "request").map(({ request }) => [request.kind, request.title]);
      assert.deepEqual(asked, [
        ["permission", "Bash: touch xx"],
        ["question", "Which colour?"],
        ["permission", "Bash: touch xx"],
      ]);
      const over = readingsOf(story, "request-over").flatMap(({ id }) => id ?? []);
      const ids = readingsOf(story, "request").map(({ request }) => request.id);
      assert.deepEqual(over, ids.slice(0, 2));
      assert.equal(new Set(ids).size, 3);
    });

    it("counts tokens once a message, as the transcript's last word on each says", () => {
      const byMessage = new Map<
        string,
        { input_tokens: number; output_tokens: number; cache_read_input_tokens: number }
      >();
      for (const { source, value } of recorded(version, "story")) {
        const line = value as { type: string; message: { id: string; usage: never } };
        if (source === "transcript" && line.type === "assistant") byMessage.set(line.message.id, line.message.usage);
      }
      const sum = (kind: "input_tokens" | "output_tokens" | "cache_read_input_tokens") =>
        [...byMessage.values()].reduce((total, usage) => total + usage[kind], 0);
      const { inputTokens, outputTokens, cacheReadTokens } = lastUsage(story);
      assert.deepEqual(
        [inputTokens, outputTokens, cacheReadTokens],
        [sum("input_tokens"), sum("output_tokens"), sum("cache_read_input_tokens")],
      );
    });

    it("gives each prompt the tokens of its own turns, together all there are", () => {
      const ofPrompt = new Map(
        readingsOf(story, "prompt-usage").map(({ key, usage }) => [key, usage.inputTokens ?? 0]),
      );
      const keys = readingsOf(story, "prompt").map(({ key }) => key);
      assert.ok([...ofPrompt.keys()].every((key) => keys.includes(key)));
      assert.equal(
        [...ofPrompt.values()].reduce((total, tokens) => total + tokens, 0),
        lastUsage(story)["inputTokens"],
      );
    });

    it("has the cost that the status line shows", () => {
      const shown = recorded(version, "story").findLast(
        (each) => each.source === "hook" && each.channel === "statusLine",
      );
      const { cost } = shown?.value as { cost: { total_cost_usd: number } };
      assert.equal(lastUsage(story)["costUsd"], cost.total_cost_usd);
    });
  });

  describe(`Recorded background work of Claude Code ${version}`, () => {
    const background = replay(version, "background");

    it("what a person gave are prompts, the queued one and the custom command too, and nothing else", () => {
      const prompts = readingsOf(background, "prompt").map(({ text }) => text);
      assert.deepEqual(prompts, [
        "zz-sleep",
        "queued words",
        "/mine now",
        "zz-400",
        "zz-429",
        "zz-long",
        "zz-bg",
        "zz-agent",
        "hello again",
      ]);
    });

    it("is told at the end of each turn", () => {
      const told = readingsOf(background, "background").map(({ work }) => work);
      const running = told.filter((work) => work.length > 0);
      assert.deepEqual(running, [["bg sleep"], ["sub job"]]);
      assert.deepEqual(told.at(-1), []);
    });

    it("an API error fails its turn, in hooks and transcript", () => {
      assert.equal(activities(background, "hook").filter((each) => each === "failed").length, 2);
      const told = activities(background, "transcript").join(" ");
      assert.match(told, /working failed working failed working/);
    });

    it("the end of a turn that sub-agents outlive is not told by the transcript", () => {
      const told = activities(background, "transcript");
      const turns = readingsOf(background, "prompt").length;
      assert.ok(told.filter((each) => each === "working").length === turns);
      const agents = background.findIndex(
        ({ from }) => (from.value as { pendingBackgroundAgentCount?: number }).pendingBackgroundAgentCount,
      );
      assert.deepEqual(background[agents]?.readings, []);
    });

    it("a shell in the background is work", () => {
      const shell = background.find(({ from }) => (from.value as { status?: string }).status === "shell");
      assert.deepEqual(
        shell?.readings.map((each) => each.type === "activity" && each.activity),
        ["working"],
      );
    });
  });

  describe(`A recorded sub-agent of Claude Code ${version}`, () => {
    const subagent = replay(version, "subagent");

    it("asks in its own name", () => {
      const titles = readingsOf(subagent, "request").map(({ request }) => request.title);
      assert.ok(titles.includes("Bash: touch from-sub (sub-agent general-purpose)"));
    });

    it("asks for the same command twice in a turn under the same id, closed in between", () => {
      const steps = subagent.flatMap(({ readings }) =>
        readings.flatMap((each) =>
          each.type === "request"
            ? [`asks ${each.request.id}`]
            : each.type === "request-over" && each.id
              ? [`over ${each.id}`]
              : [],
        ),
      );
      const [first = ""] = steps;
      const id = first.slice("asks ".length);
      assert.deepEqual(
        steps.filter((step) => step.endsWith(id)),
        [`asks ${id}`, `over ${id}`, `asks ${id}`, `over ${id}`],
      );
    });

    it("its prompt is nobody's, and neither are dialogs, shell commands and /clear", () => {
      const prompts = readingsOf(subagent, "prompt").map(({ text }) => text);
      assert.deepEqual(prompts, ["zz-two", "zz-agent", "zz-write", "zz-slow one", "queued hello", "hello again"]);
    });

    it("/clear begins another conversation, which hook and state file both name", () => {
      const ids = [...new Set(readingsOf(subagent, "conversation").map(({ id }) => id))];
      assert.equal(ids.length, 2);
    });
  });

  describe(`A recorded usage limit of Claude Code ${version}`, () => {
    const limit = replay(version, "limit");

    for (const source of version === "2.1.329"
      ? (["hook", "transcript", "program-status"] as const)
      : (["hook", "transcript"] as const)) {
      it(`is told once by ${source}, not by the answer that talks about one`, () => {
        const told = activities(limit, source).filter((each) => each === "limited" || each === "failed");
        assert.deepEqual(told, ["limited"]);
      });
    }
  });

  describe(`A recorded usage limit of Claude Code ${version} that opens a dialog`, () => {
    const dialog = replay(version, "limit-dialog");
    const resetsAt = 1_795_253_107_000;
    const inWords = Math.floor(resetsAt / 60_000) * 60_000;

    it("is told by the hook, in words", () => {
      const [told] = readingsOf(
        dialog.filter(({ from }) => from.source === "hook"),
        "limit",
      );
      assert.deepEqual([told?.limit.kind, told?.limit.resetsAt, told?.limit.isExact], ["five-hour", inWords, false]);
    });

    it(version === "2.1.329" ? "is told exactly by the transcript" : "is told in words by the transcript, too", () => {
      const [told] = readingsOf(
        dialog.filter(({ from }) => from.source === "transcript"),
        "limit",
      );
      const exactly = version === "2.1.329";
      assert.deepEqual(
        [told?.limit.kind, told?.limit.resetsAt, told?.limit.isExact],
        ["five-hour", exactly ? resetsAt : inWords, exactly],
      );
      assert.ok(told?.at !== undefined && told.at < resetsAt);
    });

    it("is told before the dialog opens, which the state file calls waiting", () => {
      const opens = dialog.findIndex(
        ({ from }) => (from.value as { waitingFor?: string }).waitingFor === "dialog open",
      );
      const limited = dialog.findIndex(({ readings }) => readings.some((each) => each.type === "limit"));
      assert.ok(limited >= 0 && limited < opens);
    });

    it("uses up its window, which the status line says once the dialog is closed", () => {
      const told = readingsOf(
        dialog.filter(({ from }) => from.source === "hook"),
        "quota",
      ).at(-1);
      assert.deepEqual(told?.windows, [{ kind: "five-hour", model: null, usedPercent: 100, resetsAt }]);
    });
  });
}

describe("A recorded Claude Code that goes on by itself when its limit resets", () => {
  const continued = replay("2.1.329", "limit-continued");

  it("stays limited until its own prompt begins a turn", () => {
    assert.deepEqual(activities(continued, "hook"), ["idle", "working", "limited", "working", "working"]);
    assert.deepEqual(activities(continued, "state-file").slice(0, 5), ["idle", "working", "idle", "working", "idle"]);
  });

  it("ends that turn in the transcript, too, although nobody gave the prompt", () => {
    assert.deepEqual(activities(continued, "transcript"), ["working", "limited", "idle"]);
    assert.equal(readingsOf(continued, "prompt").length, 1);
  });
});

describe("Claude Code's state file", () => {
  const [state] = recorded("2.1.329", "story")
    .filter(({ source }) => source === "state-file")
    .slice(1);
  const value = state?.value as { pid: number; startedAt: number; statusUpdatedAt: number };
  const read = (changed: Partial<Whereabouts>) =>
    claude.reads
      .files?.({ ...whereabouts(recorded("2.1.329", "story")), ...changed })
      .find(({ source }) => source === "state-file");

  it("is that of the process", () => {
    assert.equal(read({})?.path, `/home/dev/.claude/sessions/${value.pid}.json`);
    assert.equal(read({ pid: null }), undefined);
  });

  it("tells when the status became this one", () => {
    assert.deepEqual(
      read({})
        ?.reader()(value)
        .map(({ at }) => at),
      [value.statusUpdatedAt],
    );
  });

  describe("tells, of one status after the other,", () => {
    /** What the last of these statuses says, after those before it. */
    const last = (...statuses: readonly Record<string, string>[]) => {
      const reader = read({})?.reader();
      const readings = statuses.map((status) => reader?.({ ...value, ...status }) ?? []);
      return (readings.at(-1) ?? []).map((reading) =>
        reading.type === "activity" ? reading.activity : reading.type === "background" ? reading.work.length : "other",
      );
    };
    it("that a shell command which went on after the turn is over", () => {
      assert.deepEqual(last({ status: "shell" }), ["working"]);
      assert.deepEqual(last({ status: "shell" }, { status: "idle" }), [0, "idle"]);
      assert.deepEqual(last({ status: "busy" }, { status: "idle" }), ["idle"]);
    });
  });

  it("of another process, or of one from before the launch, says nothing", () => {
    assert.deepEqual(read({ pid: value.pid + 1 })?.reader()(value), []);
    const launch = { configHome: "/home/dev/.claude", launchedAt: String(value.startedAt + 60_000) };
    assert.deepEqual(read({ launch })?.reader()(value), []);
  });
});

describe("Claude Code's transcript", () => {
  const path = (changed: Partial<Whereabouts>) =>
    claude.reads
      .files?.({
        launch: { configHome: "/home/dev/.claude" },
        cwd: "/home/dev/my.work",
        pid: null,
        conversationId: "c1",
        transcriptPath: null,
        ...changed,
      })
      .map((file) => file.path);

  it("is where a hook said, else where one of this id goes", () => {
    assert.deepEqual(path({ transcriptPath: "/elsewhere/c1.jsonl" }), ["/elsewhere/c1.jsonl"]);
    assert.deepEqual(path({}), ["/home/dev/.claude/projects/-home-dev-my-work/c1.jsonl"]);
    assert.deepEqual(path({ conversationId: null }), []);
  });
});
