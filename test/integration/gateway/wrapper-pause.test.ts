import assert from "node:assert/strict";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { aWrapper, foreignProcess, type Wrapper } from "../../support/wrapper.ts";
import { send } from "../../support/raw-http.ts";
import { until } from "../../support/until.ts";

describe("a pause that a wrapper posts", () => {
  let gateway: TestGateway;
  let wrapper: Wrapper;
  before(async () => {
    gateway = await startTestGateway();
    wrapper = aWrapper(gateway);
  });
  after(() => gateway.dispose());
  afterEach(() => wrapper.post("/resume"));

  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const notPaused = { isPaused: false, pausedAt: null, resumeAt: null, reason: null, daemonStatus: "running" };
  const status = async () => (await wrapper.get("/api/session/status")).json as Record<string, unknown>;
  const pausesShown = () => [...gateway.model().pauses.values()].filter(({ endedAt }) => endedAt === null);

  it("is not there at first", async () => {
    assert.deepEqual(await status(), notPaused);
    assert.equal(wrapper.value("pause"), undefined);
  });

  it("is told by the status, the health, the database and to every window", async () => {
    const { json } = await wrapper.post("/pause", { resumeAt: inAnHour, reason: "Lunch", by: "an unknown field" });
    const { pausedAt, ...told } = json as Record<string, unknown>;
    assert.deepEqual(told, { isPaused: true, resumeAt: inAnHour, reason: "Lunch", daemonStatus: "running" });
    assert.deepEqual(await status(), json);
    assert.equal(((await wrapper.get("/health")).json as { isPaused: boolean }).isPaused, true);
    assert.deepEqual(wrapper.rows("SELECT * FROM kv_store WHERE key='pause'"), [
      { key: "pause", value: JSON.stringify({ pausedAt, resumeAt: inAnHour, reason: "Lunch" }) },
    ]);
    await until(() => pausesShown().length === 1, "the pause to be shown");
    assert.equal(pausesShown()[0]?.label, "Claude Code");
  });

  it("ends when it is resumed", async () => {
    await wrapper.post("/pause");
    assert.deepEqual((await wrapper.post("/resume")).json, notPaused);
    assert.equal(wrapper.value("pause"), undefined);
    await until(() => pausesShown().length === 0, "the pause to be gone");
  });

  it("takes an empty object, a body without fields, or no body at all", async () => {
    for (const body of [undefined, {}, { resumeAt: null, reason: null }]) {
      assert.equal((await wrapper.post("/pause", body)).status, 200);
      assert.deepEqual([(await status())["isPaused"], (await status())["resumeAt"]], [true, null]);
      assert.deepEqual((await wrapper.post("/resume", body)).json, notPaused);
    }
  });

  it("may be resumed when there is none", async () => {
    assert.deepEqual((await wrapper.post("/resume")).json, notPaused);
  });

  it("is refused for a time that is over", async () => {
    const answer = await wrapper.post("/pause", { resumeAt: Date.now() - 60_000 });
    assert.deepEqual([answer.status, answer.code], [400, "invalid-request"]);
    assert.deepEqual(await status(), notPaused);
  });

  it("is known to who registers and who lives under it, and they are recorded", async () => {
    await using process = await foreignProcess({ cwd: gateway.home.root, env: gateway.env });
    await wrapper.post("/pause", { resumeAt: inAnHour });
    const registered = await wrapper.post("/api/session/register", {
      sessionId: "paused",
      workingDir: gateway.home.root,
      pid: process.pid,
    });
    assert.deepEqual(registered.json, {
      success: true,
      sessionId: "paused",
      daemonStatus: "running",
      isPaused: true,
      resumeAt: inAnHour,
    });
    const beat = { sessionId: "paused", promptCount: 0, status: "paused" };
    assert.deepEqual((await wrapper.post("/api/session/heartbeat", beat)).json, { success: true, isPaused: true });
    assert.equal(wrapper.rows("SELECT * FROM agent_sessions WHERE id = 'paused' AND status = 'active'").length, 1);
    await wrapper.post("/resume");
    assert.deepEqual((await wrapper.post("/api/session/heartbeat", beat)).json, { success: true, isPaused: false });
  });

  it("wants a body that is there to be JSON", async () => {
    const answer = await send(gateway.endpoint.url, {
      method: "POST",
      path: `/t/${gateway.endpoint.token}/pause`,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "resumeAt=1",
    });
    assert.equal(answer.code, "unsupported-media-type");
  });

  it("leaves the health as wrappers know it", async () => {
    const health = (await wrapper.get("/health")).json as Record<string, unknown>;
    assert.deepEqual([health["status"], health["isPaused"]], ["ok", false]);
  });
});
