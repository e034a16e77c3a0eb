import assert from "node:assert/strict";
import * as z from "zod";
import { taskSchema } from "../../../src/protocol/entities.ts";
import { acceptedPlanSchema, sessionHistorySchema } from "../../../src/protocol/history.ts";
import { runTally, type TallyRun } from "../../support/cli.ts";
import { aProject, aSession, aTask } from "../../support/entities.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";

/** More than the gateway hands out at once. */
const MANY = 1_203;

const exportedSchema = z.array(
  sessionHistorySchema.extend({ plans: z.array(acceptedPlanSchema), tasks: z.array(taskSchema) }).strict(),
);

const HOUR_MS = 3_600_000;

describe("tally history, of what is in the store", () => {
  let gateway: TestGateway;
  const begin = Date.now() - 48 * HOUR_MS;
  before(async () => {
    gateway = await startTestGateway();
    await gateway.crash();
    const ended = { state: "DONE", endedAt: begin + 1_000, updatedAt: begin + 1_000 } as const;
    gateway.store((store) =>
      store.change((transaction) => {
        transaction.putProject(aProject(), { givenName: null });
        transaction.putProject(aProject({ id: "project2", name: "docs", path: "/home/me/docs" }), { givenName: null });
        transaction.putSession(aSession({ id: "older", createdAt: begin, ...ended }));
        transaction.putSession(
          aSession({
            id: "newer",
            createdAt: begin + 1,
            ...ended,
            projectId: "project2",
            title: "Write",
            updatedAt: Date.now(),
          }),
        );
        const prompt = aTask({ kind: "prompt", createdAt: begin, ...ended });
        for (let n = 0; n < MANY; n++) transaction.putTask({ ...prompt, id: `older${n}`, sessionId: "older" });
        transaction.putTask({ ...prompt, id: "before", sessionId: "newer", projectId: "project2" });
        const later = { createdAt: begin + 2, endedAt: Date.now(), state: "ERROR", details: "=cmd" } as const;
        transaction.putTask({ ...prompt, id: "lately", sessionId: "newer", projectId: "project2", ...later });
      }),
    );
    await gateway.restart();
  });
  after(() => gateway.dispose());

  const run = (...args: string[]): Promise<TallyRun> =>
    runTally(["history", ...args], { env: { ...gateway.env, TZ: "UTC" }, cwd: gateway.home.root });
  const out = ({ stdout }: TallyRun) => stdout.toString("utf8");
  const exported = async (...args: string[]) => exportedSchema.parse(JSON.parse(out(await run("--json", ...args))));
  const rows = (csv: string) => csv.trimEnd().split("\r\n").slice(1);

  it("lists sessions, the newest first, with what they come to", async () => {
    const ran = await run();
    assert.deepEqual(out(ran).match(/\b(newer|older)\b/g), ["newer", "older"]);
    assert.match(
      ran.stderr,
      new RegExp(
        `^2 sessions, ${(MANY + 2).toLocaleString("en")} tasks: ${(MANY + 1).toLocaleString("en")} done, 1 failed`,
        "m",
      ),
    );
  });

  it("says how many more there are", async () => {
    const ran = await run("--limit", "1");
    assert.doesNotMatch(out(ran), /older/);
    assert.match(ran.stderr, /^1 more: tally history --limit 2$/m);
  });

  it("exports all of it as JSON, page after page", async () => {
    const sessions = await exported();
    assert.deepEqual(
      sessions.map(({ session, tasks, stats }) => [session.id, tasks.length, stats.totalTasks]),
      [
        ["newer", 2, 2],
        ["older", MANY, MANY],
      ],
    );
    assert.equal(new Set(sessions[1]?.tasks.map(({ id }) => id)).size, MANY);
  });

  it("exports an empty history", async () => {
    assert.deepEqual(await exported("--project", "docs", "--since", "0h"), []);
  });

  it("exports one session, as far as is wanted", async () => {
    const [only] = await exported("--session", "older", "--limit", "700");
    assert.equal(only?.tasks.length, 700);
  });

  it("exports a row a task as CSV", async () => {
    const csv = out(await run("--csv"));
    assert.equal(rows(csv).length, MANY + 2);
    assert.match(csv, /^session,session_title,/);
    assert.match(csv, /,'=cmd,/);
  });

  it("exports only what had not ended before", async () => {
    const csv = out(await run("--csv", "--since", "1h"));
    assert.deepEqual(rows(csv).length, 1);
    assert.match(csv, /\blately\b/);
  });

  it("is that of one project", async () => {
    assert.deepEqual(
      (await exported("--project", "shop")).map(({ session }) => session.id),
      ["older"],
    );
  });

  it("refuses what contradicts itself", async () => {
    assert.equal((await run("--json", "--csv")).exitCode, 2);
    assert.equal((await run("--session", "older", "--since", "1d")).exitCode, 2);
    assert.equal((await run("--limit", "0")).exitCode, 2);
  });
});
