import assert from "node:assert/strict";
import { runTally, type TallyRun } from "../../support/cli.ts";
import { aProject, aSession, aTask } from "../../support/entities.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";

const DAY_MS = 24 * 3_600_000;

describe("tally stats and tally archive, of what is in the store", () => {
  let gateway: TestGateway;
  const now = Date.now();
  const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
  before(async () => {
    gateway = await startTestGateway();
    await gateway.crash();
    const usage = { inputTokens: 1_200, outputTokens: 340, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.12 };
    gateway.store((store) =>
      store.change((transaction) => {
        transaction.putProject(aProject(), { givenName: null });
        for (const id of ["one", "two", "three"]) {
          transaction.putSession(aSession({ id, title: `Title ${id}`, state: "DONE", createdAt: 1, endedAt: now }));
        }
        const at = (endedAt: number) => ({ createdAt: endedAt - 60_000, updatedAt: endedAt, endedAt });
        const prompt = aTask({ kind: "prompt", agent: "claude", sessionId: "one", state: "DONE" });
        transaction.putTask({ ...prompt, id: "a", ...at(now - 3 * DAY_MS), usage });
        transaction.putTask({ ...prompt, id: "b", ...at(now), state: "ERROR", usage });
        transaction.putTask({ ...prompt, id: "c", ...at(now), agent: "codex" });
      }),
    );
    await gateway.restart();
  });
  after(() => gateway.dispose());

  const run = (...args: string[]): Promise<TallyRun> =>
    runTally(args, { env: { ...gateway.env, TZ: "UTC" }, cwd: gateway.home.root });
  const lines = ({ stdout }: TallyRun) => stdout.toString("utf8").trimEnd().split("\n");
  const json = async (...args: string[]): Promise<unknown> =>
    JSON.parse((await run(...args, "--json")).stdout.toString());

  it("has a line a day, and the sum", async () => {
    const [header, first, second, total, ...more] = lines(await run("stats"));
    assert.match(header!, /^DAY +DONE +FAILED +CANCELLED +TIME +TOKENS +COST$/);
    assert.match(first!, new RegExp(`^${dayOf(now - 3 * DAY_MS)} +1 +- +- +1 min +1.2k in, 340 out +\\$0.12$`));
    assert.match(second!, new RegExp(`^${dayOf(now)} +1 +1 +- +2 min +1.2k in, 340 out +\\$0.12$`));
    assert.match(total!, /^total +2 +1 +- +3 min +2.4k in, 680 out +\$0.24$/);
    assert.deepEqual(more, []);
  });

  it("has a line an agent, or a project, since then", async () => {
    const [, claude, codex] = lines(await run("stats", "--by", "agent", "--since", "1d"));
    assert.match(claude!, /^claude +- +1 /);
    assert.match(codex!, /^codex +1 +- +- +1 min +- +-$/);
    assert.match(lines(await run("stats", "--by", "project"))[1]!, /^shop +2 +1 /);
  });

  it("says that nothing was done", async () => {
    const ran = await run("stats", "--since", "2100-01-01");
    assert.equal(ran.stdout.toString(), "");
    assert.match(ran.stderr, /^Nothing was done in this time\./);
  });

  it("has for programs what the gateway tells", async () => {
    const { days, timeZone } = (await json("stats")) as { days: { agent: string }[]; timeZone: string };
    assert.deepEqual([days.map(({ agent }) => agent), timeZone], [["claude", "claude", "codex"], "UTC"]);
  });

  it("refuses what can not be told by", async () => {
    const ran = await run("stats", "--by", "agents");
    assert.equal(ran.exitCode, 2);
    assert.match(ran.stderr, /Did you mean/);
  });

  it("puts sessions away and brings them back, all that it can", async () => {
    const archived = (await json("archive", "one", "two")) as { id: string; archivedAt: number | null }[];
    assert.deepEqual(
      archived.map(({ id, archivedAt }) => [id, archivedAt !== null]),
      [
        ["one", true],
        ["two", true],
      ],
    );
    assert.doesNotMatch((await run("list")).stdout.toString(), /Title (one|two)/);
    assert.match((await run("list", "--all")).stdout.toString(), /Title one/);
    assert.equal((await run("unarchive", "two")).stderr, "Brought back two (Title two).\n");
    assert.match((await run("list")).stdout.toString(), /Title two/);
  });

  it("puts all away that have ended", async () => {
    const { id } = await gateway.createSession({ args: ["sh", "-c", "read line"] });
    await run("archive", "--ended");
    const left = gateway.store((store) => store.sessions()).filter(({ archivedAt }) => archivedAt === null);
    assert.deepEqual(
      left.map((session) => session.id),
      [id],
    );
    assert.equal((await run("archive", "--ended")).stderr, "No session has ended that is not archived already.\n");
    const refused = await run("archive", id);
    assert.equal(refused.exitCode, 1);
    assert.match(refused.stderr, /^tally archive: Session .* has not ended\. End it first: tally end /);
  });

  it("wants to be told which", async () => {
    assert.equal((await run("archive")).exitCode, 2);
    assert.equal((await run("archive", "one", "--ended")).exitCode, 2);
    assert.equal((await run("unarchive")).exitCode, 2);
  });
});
