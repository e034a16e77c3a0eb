import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TaskOutput } from "../../../src/client/task-output.ts";
import type { ErrorCode } from "../../../src/protocol/errors.ts";
import { isTaskEnded } from "../../../src/protocol/states.ts";
import type { OutputEntry } from "../../../src/protocol/tasks.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { tempRepo } from "../../support/repositories.ts";
import { until } from "../../support/until.ts";

describe("the output of a task, as it is followed", () => {
  let gateway: TestGateway;
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  beforeEach(async () => {
    gateway = await startTestGateway();
    repo = await tempRepo("shop");
  });
  afterEach(async () => {
    await gateway.dispose();
    await repo.dispose();
  });

  it("is whole after the gateway was killed in the middle, and ends with the task", async () => {
    const { client, env } = gateway;
    const prompt = "say before\nwait-for go\nsay after";
    const body = { prompt, place: { cwd: repo.path }, agent: "demo", env };
    const followed = follow(gateway, (await client.call("addTask", { body })).task.id);
    await until(() => followed.said().includes("before"), "what it said first");
    await gateway.crash();
    await gateway.restart();
    await writeFile(join(repo.path, "go"), "");
    await until(() => followed.hasEnded(), "its end");
    assert.deepEqual(followed.said(), ["before", "after"]);
  });

  it("is refused of a task that nobody knows", async () => {
    const followed = follow(gateway, "nobody");
    await until(() => followed.failures.length > 0, "the refusal");
    assert.deepEqual(followed.failures, ["task-not-found"]);
  });
});

function follow({ client }: TestGateway, taskId: string) {
  let all: OutputEntry[] = [];
  let isOver = false;
  const failures: ErrorCode[] = [];
  const output = new TaskOutput({
    client,
    taskId,
    onFrame: ({ entries, task }, isAnew) => {
      all = isAnew ? entries : [...all, ...entries];
      isOver = isTaskEnded(task.state);
    },
    onFailure: ({ code }) => failures.push(code),
  });
  return {
    said: () => all.filter(({ kind }) => kind === "text").map(({ text }) => text),
    hasEnded: () => isOver,
    failures,
    dispose: () => output.dispose(),
  };
}
