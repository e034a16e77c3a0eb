import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ForeignState } from "../../../src/protocol/task-api.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { send } from "../../support/raw-http.ts";
import { git, tempRepo } from "../../support/repositories.ts";
import { until } from "../../support/until.ts";

describe("the task API that wrappers speak", () => {
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

  const headers = () => ({ authorization: `Bearer ${gateway.endpoint.token}`, "content-type": "application/json" });
  const post = async (path: string, body: unknown) => {
    const answer = await send(gateway.endpoint.url, {
      method: "POST",
      path,
      headers: headers(),
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 200, JSON.stringify(answer.json));
    return answer.json;
  };
  const state = async () =>
    (await send(gateway.endpoint.url, { path: "/v1/state", headers: headers() })).json as ForeignState;
  const report = (task: object, project: object = {}) =>
    post("/v1/tasks/upsert", {
      project: { name: "Shop", repoPath: repo.path, preferredIDE: "cursor", colour: "red", ...project },
      task: { id: "t1", agent: "custom", title: "Migrate DB", state: "WAITING_USER", details: "Approve?", ...task },
    });

  it("creates a task and its project, and tells every client", async () => {
    await report({});
    const { projects, tasks } = await state();
    const [project] = Object.values(projects);
    assert.deepEqual(
      [project?.name, project?.repoPath, project?.preferredIDE, project?.preferredIde],
      ["Shop", repo.path, "cursor", "cursor"],
    );
    assert.deepEqual(
      [tasks["t1"]?.state, tasks["t1"]?.title, tasks["t1"]?.details, tasks["t1"]?.projectId],
      ["WAITING_USER", "Migrate DB", "Approve?", project?.id],
    );
    await until(() => gateway.model().tasks.get("t1")?.state === "WAITING_USER", "the other client to hear of it");
    assert.equal(gateway.model().tasks.get("t1")?.sessionId, null);
  });

  it("updates the task that has the id already, and keeps what is not said again", async () => {
    await report({});
    await report({ agent: undefined, state: undefined, title: undefined, details: "Approve it?" });
    const { tasks } = await state();
    assert.equal(Object.keys(tasks).length, 1);
    const { agent, state: kept, title, details } = tasks["t1"] ?? {};
    assert.deepEqual([agent, kept, title, details], ["custom", "WAITING_USER", "Migrate DB", "Approve it?"]);
  });

  it("takes both spellings of the IDE and the states of both vocabularies", async () => {
    await report({}, { preferredIDE: undefined, preferredIde: "zed" });
    assert.equal(Object.values((await state()).projects)[0]?.preferredIDE, "zed");
    const words = { PENDING: "QUEUED", WORKING: "RUNNING", CANCELLED: "CANCELLED", IDLE: "IDLE", BLOCKED: "BLOCKED" };
    for (const [word, expected] of Object.entries({ ...words, completed: "DONE", in_progress: "RUNNING" })) {
      await post("/v1/tasks/state", { taskId: "t1", state: word });
      assert.equal((await state()).tasks["t1"]?.state, expected, word);
    }
  });

  it("changes details, pins, finishes and deletes", async () => {
    await report({ state: "RUNNING" });
    await post("/v1/tasks/details", { taskId: "t1", details: "step 2" });
    await post("/v1/tasks/pin", { taskId: "t1" });
    let task = (await state()).tasks["t1"];
    assert.deepEqual([task?.details, task?.pinned], ["step 2", true]);
    await post("/v1/tasks/done", { taskId: "t1", details: "applied" });
    await post("/v1/tasks/pin", { taskId: "t1", pinned: false });
    task = (await state()).tasks["t1"];
    assert.deepEqual([task?.state, task?.details, task?.pinned], ["DONE", "applied", false]);
    await post("/v1/tasks/delete", { taskId: "t1" });
    assert.deepEqual((await state()).tasks, {});
  });

  it("knows one project however it is reported: subfolder, linked worktree, without a name", async () => {
    await mkdir(join(repo.path, "src"));
    const linked = join(repo.parent, "feature");
    await git(repo.path, "worktree", "add", "-q", "-b", "feature", linked);
    await report({ id: "a" });
    await report({ id: "b" }, { repoPath: join(repo.path, "src"), name: undefined });
    await report({ id: "c" }, { repoPath: linked, name: "" });
    const { projects, tasks } = await state();
    assert.deepEqual(
      Object.values(projects).map(({ name }) => name),
      ["Shop"],
    );
    assert.equal(new Set(Object.values(tasks).map(({ projectId }) => projectId)).size, 1);
  });

  it("keeps everything through a crash and a restart", async () => {
    await report({});
    const before = await state();
    await gateway.crash();
    await gateway.restart();
    assert.deepEqual(await state(), before);
  });
});
