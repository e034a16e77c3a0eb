import assert from "node:assert/strict";
import type { TimedReading } from "../../../../src/server/agents/reading.ts";
import { transcriptReader } from "../../../../src/server/agents/claude/transcript.ts";
import { claudeVersions } from "../../../support/claude.ts";
import { recorded, type Recording } from "../../../support/claude-recording.ts";
import type { ClaudeVersion } from "../../../support/claude.ts";

const plan = "# The plan\n\n1. Make a file\n2. Read it";

function transcript(version: ClaudeVersion, name: Recording): unknown[] {
  return recorded(version, name).map(({ value }) => value);
}

function read(lines: readonly unknown[]): TimedReading[] {
  const reader = transcriptReader();
  return lines.flatMap((line) => reader(line));
}

function plans(lines: readonly unknown[]): string[] {
  return read(lines).flatMap((reading) => (reading.type === "plan" ? [reading.text] : []));
}

/** The recorded lines, with the one that tells of the plan changed. */
function decidedBy(decision: unknown, result: Record<string, unknown> = {}): unknown[] {
  return transcript("2.1.329", "plan-accepted").map((line) => {
    const { toolUseResult, ...rest } = line as { toolUseResult?: Record<string, unknown> };
    const isOfPlan = toolUseResult?.["plan"] !== undefined;
    return isOfPlan ? { ...rest, permissionDecision: decision, toolUseResult: { ...toolUseResult, ...result } } : line;
  });
}

describe("a plan of Claude Code", () => {
  for (const version of claudeVersions) {
    it(`${version}: is told once the person has accepted it`, () => {
      assert.deepEqual(plans(transcript(version, "plan-accepted")), [plan]);
    });
  }

  it("names the prompt that it was made for", () => {
    const readings = read(transcript("2.1.329", "plan-accepted"));
    const prompt = readings.find((reading) => reading.type === "prompt");
    const accepted = readings.find((reading) => reading.type === "plan");
    assert.ok(prompt && accepted);
    assert.equal(accepted.key, prompt.key);
  });

  it("is not told as long as it is only proposed", () => {
    const lines = transcript("2.1.329", "plan-accepted");
    const answered = lines.findIndex((line) => JSON.stringify(line).includes("User has approved your plan"));
    assert.deepEqual(plans(lines.slice(0, answered)), []);
  });

  it("is not told when the person rejects it", () => {
    assert.deepEqual(plans(transcript("2.1.329", "plan-rejected")), []);
  });

  it("is not told when a rule has let it pass, which nobody saw", () => {
    assert.deepEqual(plans(decidedBy({ decision: "accept", source: "config" })), []);
  });

  it("is not told where there is none: Claude Code only left its plan mode", () => {
    assert.deepEqual(plans(decidedBy({ decision: "accept", source: "user_temporary" }, { plan: null })), []);
  });

  it("is not told of an agent's to its leader", () => {
    assert.deepEqual(plans(decidedBy({ decision: "accept", source: "user_temporary" }, { isAgent: true })), []);
  });
});
