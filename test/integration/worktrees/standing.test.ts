import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Standing } from "../../../src/protocol/worktrees.ts";
import { readStanding } from "../../../src/server/worktrees/standing.ts";
import { StandingWatch, type StandingWatchOptions } from "../../../src/server/worktrees/standing-watch.ts";
import { add } from "../../support/checkouts.ts";
import { git, tempFolder, tempRepo } from "../../support/repositories.ts";
import { until } from "../../support/until.ts";

const commit = (path: string, name: string) => git(path, "commit", "-q", "--allow-empty", "-m", name);

describe("the standing of a worktree", () => {
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  beforeEach(async () => {
    repo = await tempRepo();
  });
  afterEach(() => repo.dispose());

  it("is counted against the base it began from", async () => {
    const { path } = await add(repo.path, "feature");
    await commit(path, "One");
    await commit(path, "Two");
    await commit(repo.path, "Other");
    await writeFile(join(path, "new"), "");
    await writeFile(join(path, "README.md"), "changed");
    assert.deepEqual(await readStanding(path, "main", { now: () => 7 }), {
      branch: "feature",
      head: await git(path, "rev-parse", "HEAD"),
      against: "main",
      ahead: 2,
      behind: 1,
      dirty: 2,
      at: 7,
    });
  });

  it("is counted against its upstream where it has one", async () => {
    const { path } = await add(repo.path, "feature");
    await commit(path, "One");
    await git(path, "branch", "-q", "--set-upstream-to=main");
    await commit(path, "Two");
    const { against, ahead, behind } = await readStanding(path, "gone");
    assert.deepEqual([against, ahead, behind], ["main", 2, 0]);
  });

  it("is counted against nothing where the base is gone, and before the first commit", async () => {
    const { against, ahead } = await readStanding(repo.path, "gone");
    assert.deepEqual([against, ahead], [null, 0]);
    const folder = await tempFolder();
    await git(folder.path, "init", "-q");
    await writeFile(join(folder.path, "new"), "");
    const unborn = await readStanding(folder.path, "main");
    assert.deepEqual([unborn.branch, unborn.head, unborn.dirty], ["main", null, 1]);
    await folder.dispose();
  });

  it("says that it is detached", async () => {
    await git(repo.path, "checkout", "-q", "--detach");
    assert.equal((await readStanding(repo.path, null)).branch, null);
  });
});

describe("watching the standing of worktrees", () => {
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  let path: string;
  let told: Standing[];
  let watch: StandingWatch;
  let isWanted: boolean;
  const silent = () => undefined;
  const log = { info: silent, warn: silent, error: silent, close: () => Promise.resolve() };
  const open = (options: Partial<StandingWatchOptions> = {}) => {
    watch = new StandingWatch({
      onStanding: (_id, standing) => told.push(standing),
      isWanted: () => isWanted,
      now: Date.now,
      log,
      settleMs: 20,
      everyMs: 3_600_000,
      ...options,
    });
    watch.watch({ id: "w", path, base: "main" });
  };
  const untilTold = (test: (standing: Standing) => boolean, what: string) =>
    until(
      () => told.some(test),
      what,
      10_000,
      () => JSON.stringify(told),
    );
  beforeEach(async () => {
    repo = await tempRepo();
    ({ path } = await add(repo.path, "feature"));
    told = [];
    isWanted = false;
  });
  afterEach(async () => {
    watch.stop();
    await repo.dispose();
  });

  it("tells what it is, and when git changes it", async () => {
    open();
    await untilTold(({ ahead }) => ahead === 0, "the first one");
    await commit(path, "One");
    await untilTold(({ ahead }) => ahead === 1, "the commit");
    await git(path, "switch", "-qc", "other");
    await untilTold(({ branch }) => branch === "other", "the other branch");
  });

  it("sees that the base goes on", async () => {
    open();
    await untilTold(({ against }) => against === "main", "the first one");
    await commit(repo.path, "Theirs");
    await untilTold(({ behind }) => behind === 1, "the base's commit");
  });

  it("tells nothing twice", async () => {
    open();
    await untilTold(() => true, "the first one");
    watch.refresh("w");
    watch.watch({ id: "w", path, base: "main" });
    await commit(path, "One");
    await untilTold(({ ahead }) => ahead === 1, "the commit");
    assert.equal(new Set(told.map(({ at: _, ...said }) => JSON.stringify(said))).size, told.length);
  });

  it("looks for edited files when it is told to, and from time to time while somebody looks", async () => {
    open({ everyMs: 20 });
    await untilTold(() => true, "the first one");
    await writeFile(join(path, "one"), "");
    watch.refresh("w");
    await untilTold(({ dirty }) => dirty === 1, "one file");
    isWanted = true;
    await writeFile(join(path, "two"), "");
    await untilTold(({ dirty }) => dirty === 2, "two files");
  });

  it("reads one worktree once at a time, and gives up what hangs", async () => {
    let running = 0;
    let most = 0;
    let given = 0;
    open({
      giveUpMs: 20,
      read: (_path, _base, options) => {
        most = Math.max(most, ++running);
        return new Promise((_resolve, reject) => {
          options?.signal?.addEventListener("abort", () => {
            running -= 1;
            given += 1;
            reject(new Error("given up"));
          });
        });
      },
    });
    watch.refresh("w");
    watch.refresh("w");
    await until(() => given === 2, "both to be given up");
    assert.equal(most, 1);
  });

  it("tells nothing once it is not watched any more", async () => {
    const reads: (() => void)[] = [];
    open({
      read: async (...args) => {
        await new Promise<void>((resolve) => reads.push(resolve));
        return await readStanding(...args);
      },
    });
    await until(() => reads.length === 1, "it to be read");
    watch.unwatch("w");
    reads[0]?.();
    watch.watch({ id: "w", path, base: "main" });
    await until(() => reads.length === 2, "it to be read again");
    reads[1]?.();
    await untilTold(() => true, "the second one");
    assert.equal(told.length, 1);
  });
});
