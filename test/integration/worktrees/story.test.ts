import assert from "node:assert/strict";
import { lstat, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { runTally } from "../../support/cli.ts";
import { isRunning, ptyHostPids, testHome, type TestHome } from "../../support/gateway.ts";
import { git } from "../../support/repositories.ts";
import {
  contentsOf,
  isFree,
  type SampleRepository,
  sampleRepository,
  untilAnswers,
} from "../../support/sample-repository.ts";
import { until } from "../../support/until.ts";
import { sessionsFile, type TallyThere, tallyIn, tracesOf } from "../../support/worktrees.ts";

describe("worktrees of a repository with a Django backend and a Svelte frontend", () => {
  let place: TestHome;
  let shop: SampleRepository;
  let tally: TallyThere;
  let untouched: Record<string, string>;
  before(async () => {
    place = await testHome();
    shop = await sampleRepository();
    tally = tallyIn({ env: place.env, cwd: shop.path });
    untouched = await contentsOf(shop.path);
  });
  after(async () => {
    await place.dispose();
    await shop[Symbol.asyncDispose]();
  });

  const inPayment = (...parts: string[]) => join(`${shop.path}-feature-payment`, ...parts);
  async function running() {
    const { sessions, processes } = await tally.listed();
    const live = sessions.filter(({ endedAt }) => endedAt === null);
    return {
      sessions: live.map(({ id, title }) => ({ id, title })),
      conversation: live.find(({ title }) => title === "shop-feature-payment")?.conversationId,
      pids: [...live, ...processes.filter(({ kind }) => kind === "process")].map(({ pid }) => pid),
    };
  }

  it("are not made before a person has approved what tally.json runs", async () => {
    const { exitCode, stderr } = await runTally(["add", "feature-payment"], { env: place.env, cwd: shop.path });
    assert.notEqual(exitCode, 0);
    assert.match(stderr, /python3 manage\.py runserver/);
    assert.match(stderr, /--trust/);
    assert.deepEqual(await tracesOf(shop), []);
  });

  it("are made beside it, each on a branch of its name", async () => {
    await tally("add", "feature-payment", "--agent", "demo", "--prompt", "take cards", "--trust");
    assert.equal((await tally.worktree("feature-payment")).status, "ready");
    assert.equal(await git(inPayment(), "branch", "--show-current"), "feature-payment");
    assert.equal(await git(inPayment(), "rev-parse", "HEAD"), await git(shop.path, "rev-parse", "main"));
  });

  it("have the .env files as copies, and the dependencies and the database as links", async () => {
    for (const file of ["backend/.env", "frontend/.env"]) {
      assert.ok((await lstat(inPayment(file))).isFile(), file);
      assert.equal(await readFile(inPayment(file), "utf8"), await readFile(join(shop.path, file), "utf8"));
    }
    for (const shared of ["frontend/node_modules", "backend/db.sqlite3"]) {
      assert.ok((await lstat(inPayment(shared))).isSymbolicLink(), shared);
      assert.equal(await realpath(inPayment(shared)), join(shop.path, shared));
    }
    assert.deepEqual((await tally.worktree("feature-payment")).shared.toSorted(), [
      "backend/db.sqlite3",
      "frontend/node_modules",
    ]);
  });

  it("were set up", async () => {
    assert.equal(await readFile(inPayment("backend/migrate.log"), "utf8"), "migrated\n");
  });

  it("are readable for whom the main checkout is", async () => {
    const modeOf = async (path: string) => ((await lstat(path)).mode & 0o777).toString(8);
    for (const path of ["", "backend", "backend/manage.py", "backend/.env"]) {
      assert.equal(await modeOf(inPayment(path)), await modeOf(join(shop.path, path)), path);
    }
  });

  it("are clean to git, links and all", async () => {
    assert.equal(await git(inPayment(), "status", "--porcelain"), "");
  });

  it("serve on ports of their own", async () => {
    const { backend, frontend } = shop.bases;
    assert.deepEqual(await untilAnswers(backend), {
      server: "backend",
      cwd: inPayment("backend"),
      secret: "SECRET_KEY=made-up-backend",
      database: join(shop.path, "backend/db.sqlite3"),
      debug: `port ${backend}`,
      tally: {
        TALLY_PORT_BACKEND: String(backend),
        TALLY_PORT_FRONTEND: String(frontend),
        TALLY_WORKTREE: "feature-payment",
      },
    });
    assert.deepEqual(await untilAnswers(frontend), {
      server: "frontend",
      cwd: inPayment("frontend"),
      secret: "SECRET_KEY=made-up-frontend",
      greeting: "Welcome to the shop",
      backend: String(backend),
    });
  });

  it("have an agent at their root, in a session of the repository's and their name", async () => {
    const { sessions } = await tally.listed();
    const { id, agentSessionId } = await tally.worktree("feature-payment");
    const [session, ...others] = sessions;
    assert.deepEqual(others, []);
    assert.ok(session);
    assert.deepEqual(
      [session.title, session.agent, session.cwd, session.worktreeId, session.id],
      ["shop-feature-payment", "demo", inPayment(), id, agentSessionId],
    );
  });

  it("get the next ports each", async () => {
    await tally("add", "feature-basket", "--agent", "demo");
    const { backend, frontend } = shop.bases;
    const told = [await untilAnswers(backend + 1), await untilAnswers(frontend + 1)];
    assert.deepEqual(
      told.map(({ cwd }) => cwd),
      [`${shop.path}-feature-basket/backend`, `${shop.path}-feature-basket/frontend`],
    );
  });

  it("are listed with their branches and ports", async () => {
    const { backend, frontend } = shop.bases;
    const listed = await tally("list");
    for (const word of ["feature-payment", "feature-basket", backend, frontend, backend + 1, frontend + 1]) {
      assert.ok(listed.includes(String(word)), `no ${word} in:\n${listed}`);
    }
    const { worktrees } = await tally.listed();
    assert.deepEqual(
      worktrees.map(({ name, branch, ports }) => [name, branch, ...ports.map(({ port }) => port)]).toSorted(),
      [
        ["feature-basket", "feature-basket", backend + 1, frontend + 1],
        ["feature-payment", "feature-payment", backend, frontend],
      ],
    );
  });

  it("are mirrored in .tally-sessions, which git does not see", async () => {
    const entry = (name: string, offset: number) => ({
      backend_port: shop.bases.backend + offset,
      frontend_port: shop.bases.frontend + offset,
      worktree: `${shop.path}-${name}`,
      branch: name,
    });
    assert.deepEqual(await sessionsFile(shop), {
      "feature-payment": entry("feature-payment", 0),
      "feature-basket": entry("feature-basket", 1),
    });
    assert.equal(await git(shop.path, "--no-optional-locks", "status", "--porcelain"), "");
  });

  it("come back with the same ports and conversations after all their processes were killed", async () => {
    const before = await running();
    await tally("gateway", "stop");
    for (const pid of [...(await ptyHostPids(place.home)), ...before.pids]) if (pid !== null) killIfRunning(pid);
    const { backend, frontend } = shop.bases;
    for (const port of [backend, backend + 1, frontend, frontend + 1]) {
      await until(() => isFree(port), `port ${port} to be free`);
    }

    await tally("resume");
    for (const port of [backend, backend + 1, frontend, frontend + 1]) await untilAnswers(port);
    const after = await running();
    assert.deepEqual([after.sessions, after.conversation], [before.sessions, before.conversation]);
    const { agentSessionId } = await tally.worktree("feature-payment");
    await until(
      async () =>
        (await tally("logs", agentSessionId ?? "")).includes(`Goes on with conversation ${after.conversation ?? ""}`),
      "the agent to go on with its conversation",
    );
  });

  it("are resumed as often as one likes, and nothing runs twice", async () => {
    const before = await running();
    await tally("resume");
    await tally("resume", "feature-payment");
    assert.deepEqual(await running(), before);
  });

  it("are removed without a trace, and the other one runs on", async () => {
    const { pids } = await running();
    await tally("remove", "feature-payment");
    assert.deepEqual(await tracesOf(shop), [
      "folder shop-feature-basket",
      "branch feature-basket",
      ".git/worktrees/shop-feature-basket",
    ]);
    assert.deepEqual(await shop.tornDown(), ["feature-payment"]);
    for (const port of [shop.bases.backend, shop.bases.frontend]) assert.ok(await isFree(port), `port ${port}`);
    await untilAnswers(shop.bases.backend + 1);

    await tally("remove", "feature-basket");
    assert.deepEqual(await tracesOf(shop), []);
    assert.deepEqual(await running(), { sessions: [], conversation: undefined, pids: [] });
    for (const pid of pids) assert.ok(pid === null || !isRunning(pid), `process ${pid ?? ""}`);
    const { worktrees, processes } = await tally.listed();
    assert.deepEqual([worktrees, processes], [[], []]);
  });

  it("leave the main checkout untouched, byte for byte", async () => {
    assert.deepEqual(await contentsOf(shop.path), untouched);
  });

  it("are restored as they were", async () => {
    await tally("restore", "feature-payment");
    assert.equal((await tally.worktree("feature-payment")).status, "ready");
    assert.equal(await git(inPayment(), "branch", "--show-current"), "feature-payment");
    assert.equal(await git(inPayment(), "status", "--porcelain"), "");
    assert.equal(await readFile(inPayment("backend/.env"), "utf8"), "SECRET_KEY=made-up-backend\n");
    assert.equal(await realpath(inPayment("frontend/node_modules")), join(shop.path, "frontend/node_modules"));
    await tally("resume", "feature-payment");
    assert.equal((await untilAnswers(shop.bases.backend)).cwd, inPayment("backend"));
  });
});

describe("ports without a base of their own", () => {
  it("are the first free ones from 8000 and 5000 on", async () => {
    await using shop = await sampleRepository();
    await shop.setTallyJson({ ports: ["backend", "frontend"], setup: [], processes: {}, teardown: [] });
    const place = await testHome();
    try {
      const wanted = [await firstFree(8000), await firstFree(5000)];
      const tally = tallyIn({ env: place.env, cwd: shop.path });
      await tally("add", "plain", "--no-agent");
      const { ports } = await tally.worktree("plain");
      assert.deepEqual(
        ports.map(({ port }) => port),
        wanted,
      );
    } finally {
      await place.dispose();
    }
  });
});

async function firstFree(from: number): Promise<number> {
  for (let port = from; ; port += 1) if (await isFree(port)) return port;
}

function killIfRunning(pid: number): void {
  if (isRunning(pid)) process.kill(pid, "SIGKILL");
}
