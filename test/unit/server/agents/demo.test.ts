import assert from "node:assert/strict";
import type { AgentLaunch } from "../../../../src/server/agents/adapter.ts";
import { demo } from "../../../../src/server/agents/demo.ts";

const agent = demo("/demo.cjs", "/node");

function planned(args: readonly string[]): AgentLaunch {
  const nothing = () => assert.fail("nothing is needed");
  const launch = agent.plan({
    ...{ sessionId: "s1", args, env: {}, cwd: "/work", mode: "pty", folder: "/launch", hooks: null },
    ...{ find: nothing, versionOf: nothing, readText: () => null, freePort: nothing, newSecret: nothing },
    mayContinueItself: false,
  });
  assert.ok(!(launch instanceof Promise));
  return launch;
}

function said(state: "working" | "error", message: string) {
  const status = { state, app: "tally-demo", kind: null, message } as const;
  const whereabouts = { launch: {}, cwd: "/", pid: 1, conversationId: null, transcriptPath: null };
  return agent.reads.programStatus?.(status, whereabouts) ?? [];
}

describe("the demo agent's adapter", () => {
  it("gives each conversation an id, which it keeps when it is resumed", () => {
    const { args, conversationId } = planned(["--steps-ms", "5"]);
    assert.deepEqual(args, ["/demo.cjs", "--conversation", conversationId, "--steps-ms", "5"]);
    const again = agent.resume(conversationId ?? "", "go on", ["--steps-ms", "5", "limit"]) ?? assert.fail();
    assert.deepEqual(again, ["--steps-ms", "5", "--resume", conversationId, "--", "go on"]);
    assert.equal(planned(again).conversationId, conversationId);
  });

  it("tells of a limit, and when that resets", () => {
    const readings = said("error", "You've hit your 5-hour limit · resets 2026-11-21T12:00:30.000Z");
    const limit = readings.find((reading) => reading.type === "limit")?.limit;
    assert.deepEqual([limit?.resetsAt, limit?.isExact], [Date.UTC(2026, 10, 21, 12, 0, 30), true]);
    assert.ok(readings.some((reading) => reading.type === "activity" && reading.activity === "limited"));
  });

  it("tells each prompt, and that it works", () => {
    const [prompt, activity] = said("working", "prompt 17: fix it");
    assert.deepEqual(prompt, { type: "prompt", key: "17", text: "fix it" });
    assert.ok(activity?.type === "activity" && activity.activity === "working");
  });

  it("asks no model to show its help", () => {
    const account = (args: string[]) => agent.account({ args, env: {}, cwd: "/", readText: () => null });
    assert.equal(account(["--help"]).usesModel, false);
    assert.equal(account([]).usesModel, true);
  });
});
