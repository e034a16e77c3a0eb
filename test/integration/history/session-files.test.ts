import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type SessionFile, sessionFileSchema } from "../../../src/protocol/session-file.ts";
import { History } from "../../../src/server/history/history.ts";
import { ProjectCopies } from "../../../src/server/history/project-copies.ts";
import { SessionFiles } from "../../../src/server/history/session-files.ts";
import { openDatabase } from "../../../src/server/store/database.ts";
import { Store, type Transaction } from "../../../src/server/store/store.ts";
import { ProjectRecords } from "../../../src/server/worktrees/project-records.ts";
import { aProject, aSession, aTask } from "../../support/entities.ts";
import { bareRepo, git, tempFolder, tempRepo } from "../../support/repositories.ts";
import { until } from "../../support/until.ts";

describe("the files of sessions", () => {
  let home: Awaited<ReturnType<typeof tempFolder>>;
  let store: Store;
  let files: SessionFiles;
  let timers: (() => void)[];
  let warnings: string[];
  let historyInProject: boolean;
  const folder = () => join(home.path, "sessions");
  const file = (id = "session1") => join(folder(), `${id}.session.json`);

  const open = () => {
    store = new Store(openDatabase(join(home.path, "state.db")), () => 7);
    const log = {
      info: () => undefined,
      warn: (what: string) => warnings.push(what),
      error: () => undefined,
      close: () => Promise.resolve(),
    };
    const records = new ProjectRecords({ store, log, ofAgents: [] });
    files = new SessionFiles({
      folder: folder(),
      store,
      history: new History({ store, now: () => 9_000 }),
      copies: new ProjectCopies({ ownFolder: folder(), keepOutOfGit: (place) => records.keepHistoryOut(place) }),
      settings: () => ({ historyInProject }),
      log,
      setTimer: (_delayMs, task) => {
        timers.push(task);
        return () => (timers = timers.filter((other) => other !== task));
      },
    });
  };

  /** As a kill: what is behind stays behind. */
  const crash = () => {
    timers = [];
    store.close();
  };

  /** Lets all that is set for later happen, until nothing is. */
  const settled = async () => {
    const key = () => store.value("session-files-written");
    await until(
      () => {
        for (const task of timers.splice(0)) task();
        return key() === store.seq;
      },
      "the files to tell everything",
      10_000,
      () => `they tell ${String(key())} of ${store.seq}`,
    );
  };

  const change = (write: (transaction: Transaction) => void) => store.change(write);
  const prompt = (fields: Parameters<typeof aTask>[0] = {}) =>
    aTask({ id: "prompt1", kind: "prompt", sessionId: "session1", ...fields });
  const read = (path = file()): SessionFile => sessionFileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  const put = (project = aProject()) =>
    change((transaction) => {
      transaction.putProject(project, { givenName: null });
      transaction.putSession(aSession({ projectId: project.id }));
      transaction.putTask(prompt({ projectId: project.id }));
    });

  beforeEach(async () => {
    home = await tempFolder();
    timers = [];
    warnings = [];
    historyInProject = false;
    open();
  });
  afterEach(async () => {
    await files.stop();
    store.close();
    await home.dispose();
  });

  it("tell what was done, to their owner alone", async () => {
    await files.start();
    put();
    change((transaction) => transaction.putTask(prompt({ state: "DONE", endedAt: 4_000 })));
    await settled();
    const { metadata, stats } = read();
    assert.deepEqual(
      [metadata.totalTasks, metadata.tasks.map(({ status }) => status), stats],
      [1, ["completed"], { duration: 8_000, successRate: 1, avgExecutionTime: 3_000 }],
    );
    assert.equal((await stat(file())).mode & 0o777, 0o600);
    assert.equal((await stat(folder())).mode & 0o777, 0o700);
    assert.deepEqual(await readdir(folder()), ["session1.session.json"]);
  });

  it("are written once for many changes", async () => {
    await files.start();
    put();
    for (let n = 0; n < 100; n++) change((transaction) => transaction.putTask(prompt({ title: `Prompt ${n}` })));
    assert.equal(timers.length, 1);
    await settled();
    assert.equal(read().metadata.tasks[0]?.description, "Prompt 99");
  });

  it("follow what is removed", async () => {
    await files.start();
    put();
    await settled();
    change((transaction) => transaction.removeTask("prompt1"));
    await settled();
    assert.equal(read().metadata.totalTasks, 0);
    change((transaction) => transaction.removeSession("session1"));
    await settled();
    assert.deepEqual(await readdir(folder()), []);
  });

  it("catch up with what a gateway that was killed had not written", async () => {
    await files.start();
    put();
    await settled();
    change((transaction) => transaction.putSession(aSession({ title: "Renamed" })));
    crash();
    open();
    await files.start();
    await settled();
    assert.equal(read().title, "Renamed");
  });

  it("catch up with sessions from before there were such files, and with files that are gone", async () => {
    put();
    crash();
    open();
    await files.start();
    await settled();
    assert.equal(read().title, "Fix the cart");
    await rm(folder(), { recursive: true });
    crash();
    open();
    await files.start();
    await settled();
    assert.equal(read().title, "Fix the cart");
  });

  it("are written at a stop", async () => {
    await files.start();
    put();
    await files.stop();
    assert.equal(read().title, "Fix the cart");
  });

  it("say once that they can not be written, and harm nothing", async () => {
    await writeFile(folder(), "in the way");
    put();
    await files.start();
    await until(() => {
      for (const task of timers.splice(0)) task();
      return warnings.length > 0;
    }, "a warning");
    change((transaction) => transaction.putSession(aSession({ title: "Other" })));
    await rm(folder());
    await settled();
    assert.equal(read().title, "Other");
    assert.deepEqual(warnings, ["sessions' files are not written"]);
  });

  describe("in their project's folder", () => {
    let repo: Awaited<ReturnType<typeof tempRepo>>;
    const copy = () => join(repo.path, ".tally/sessions/session1.session.json");
    beforeEach(async () => {
      repo = await tempRepo();
      historyInProject = true;
    });
    afterEach(() => repo.dispose());

    const projectOf = (path: string, commonDir: string | null = join(path, ".git")) => aProject({ path, commonDir });

    it("are the same, and git does not see them", async () => {
      await files.start();
      put(projectOf(repo.path));
      await settled();
      assert.deepEqual(read(copy()), read());
      assert.equal((await stat(copy())).mode & 0o777, 0o600);
      assert.equal(await git(repo.path, "status", "--porcelain", "-uall"), "");
    });

    it("go with their session", async () => {
      await files.start();
      put(projectOf(repo.path));
      await settled();
      change((transaction) => transaction.removeSession("session1"));
      await settled();
      assert.deepEqual(await readdir(join(repo.path, ".tally/sessions")), []);
    });

    it("are made of the sessions that are there when it is asked for", async () => {
      historyInProject = false;
      await files.start();
      put(projectOf(repo.path));
      await settled();
      historyInProject = true;
      files.settingsChanged();
      await settled();
      assert.equal(read(copy()).title, "Fix the cart");
    });

    it("are not written through a link", async () => {
      const elsewhere = await tempFolder();
      await symlink(elsewhere.path, join(repo.path, ".tally"));
      await files.start();
      put(projectOf(repo.path));
      await settled();
      assert.deepEqual(await readdir(elsewhere.path), []);
      assert.deepEqual(warnings, ["a session's copy is not written"]);
      await elsewhere.dispose();
    });

    it("replace a link that is in their place", async () => {
      const target = join(repo.parent, "target");
      await writeFile(target, "mine");
      await mkdir(join(repo.path, ".tally/sessions"), { recursive: true });
      await symlink(target, copy());
      await files.start();
      put(projectOf(repo.path));
      await settled();
      assert.equal(await readFile(target, "utf8"), "mine");
      assert.equal(read(copy()).title, "Fix the cart");
    });

    it("are not put into a bare repository", async () => {
      const bare = await bareRepo();
      const before = await readdir(bare.path);
      await files.start();
      put(projectOf(bare.path, bare.path));
      await settled();
      assert.deepEqual(await readdir(bare.path), before);
      await bare.dispose();
    });

    it("are put into a plain folder", async () => {
      const plain = await tempFolder("plain");
      await files.start();
      put(projectOf(plain.path, null));
      await settled();
      assert.equal(read(join(plain.path, ".tally/sessions/session1.session.json")).title, "Fix the cart");
      await plain.dispose();
    });

    it("are not made where the project's folder is gone", async () => {
      const gone = join(repo.parent, "gone");
      await files.start();
      put(projectOf(gone));
      await settled();
      assert.deepEqual(warnings, []);
      await assert.rejects(stat(gone));
    });
  });
});
