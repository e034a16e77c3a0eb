import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { applyChange, applyChanges, ENDED_TASKS_KEPT, modelFromSnapshot } from "../../../src/protocol/model.ts";
import type { TallyEvent } from "../../../src/protocol/events.ts";
import { lockInstance, openDatabase } from "../../../src/server/store/database.ts";
import { migrations } from "../../../src/server/store/migrations.ts";
import { Store } from "../../../src/server/store/store.ts";
import { aProject, aSession, aTask } from "../../support/entities.ts";
import { tempFolder } from "../../support/repositories.ts";

describe("the store", () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let store: Store;
  const path = () => join(folder.path, "state.db");
  const open = () => new Store(openDatabase(path()), () => 7);
  beforeEach(async () => {
    folder = await tempFolder();
    store = open();
  });
  afterEach(async () => {
    store.close();
    await folder.dispose();
  });

  const fill = () =>
    store.change((transaction) => {
      transaction.putProject(aProject(), { givenName: null });
      transaction.putSession(aSession({ command: ["claude", "-p", 'don\'t "quote" 🦊'] }), { ptyId: "pty1" });
      transaction.putTask(aTask({ id: "root", sessionId: "session1", kind: "root" }));
      transaction.putTask(aTask({ id: "foreign" }));
    });

  it("gives back what was put, also after it was opened again", () => {
    fill();
    const before = store.snapshot();
    store.close();
    store = open();
    assert.deepEqual(store.snapshot(), before);
    assert.deepEqual(store.session("session1")?.command, ["claude", "-p", 'don\'t "quote" 🦊']);
    assert.equal(store.session("session1")?.ptyId, "pty1");
  });

  it("keeps what only it knows of a session when the session is put again", () => {
    fill();
    store.change((transaction) => transaction.putSession(aSession(), { endRequested: true }));
    store.change((transaction) => transaction.putSession(aSession({ title: "Other" })));
    const session = store.session("session1");
    assert.deepEqual([session?.ptyId, session?.endRequested, session?.title], ["pty1", true, "Other"]);
  });

  it("tells each committed change once, in order, and the events rebuild the model", () => {
    const heard: TallyEvent[] = [];
    store.subscribe((events) => heard.push(...events));
    const start = store.snapshot();
    fill();
    store.change((transaction) => transaction.removeTask("foreign"));
    store.change((transaction) => transaction.removeSession("session1"));
    assert.deepEqual(store.eventsSince(0), heard);
    assert.deepEqual(
      heard.map((event) => event.seq),
      heard.map((_, index) => index + 1),
    );
    const rebuilt = heard.reduce((model, { seq, change }) => applyChange(model, seq, change), modelFromSnapshot(start));
    assert.deepEqual(rebuilt, modelFromSnapshot(store.snapshot()));
  });

  it("tells a client that followed it the same as one that begins, also of much that has ended", () => {
    fill();
    const heard: TallyEvent[] = [];
    const start = store.snapshot();
    store.subscribe((events) => heard.push(...events));
    const ended = (id: string, endedAt: number) =>
      ({ sessionId: "session1", state: "DONE", createdAt: 1, id, endedAt }) as const;
    store.change((transaction) => {
      for (let n = 0; n < ENDED_TASKS_KEPT + 5; n++) {
        transaction.putTask(aTask({ kind: "prompt", ...ended(`prompt${n}`, (n * 7) % 50) }));
      }
      transaction.putTask(aTask({ kind: "foreign", ...ended("of another kind", 0) }));
    });
    const followed = applyChanges(
      modelFromSnapshot(start),
      store.seq,
      heard.map(({ change }) => change),
    );
    const begun = modelFromSnapshot(store.snapshot());
    assert.deepEqual(followed, begun);
    assert.equal([...begun.tasks.values()].filter(({ kind }) => kind === "prompt").length, ENDED_TASKS_KEPT);
    assert.ok(begun.tasks.has("of another kind"));
  });

  it("tells everybody of changes in their order, also of those that a listener makes", () => {
    fill();
    let isAnswered = false;
    store.subscribe(() => {
      if (isAnswered) return;
      isAnswered = true;
      store.change((transaction) => transaction.removeTask("foreign"));
    });
    const heard: number[] = [];
    store.subscribe((events) => heard.push(...events.map(({ seq }) => seq)));
    const first = store.seq + 1;
    store.change((transaction) => transaction.putSession(aSession({ title: "Other" })));
    assert.deepEqual(heard, [first, first + 1]);
  });

  it("tells the others although one of them fails, and then says so", () => {
    fill();
    let hasHeard = false;
    store.subscribe(() => {
      throw new Error("cannot take it");
    });
    store.subscribe(() => (hasHeard = true));
    assert.throws(() => store.change((transaction) => transaction.removeTask("foreign")), /not everybody/);
    assert.deepEqual([hasHeard, store.task("foreign")], [true, null]);
  });

  it("does nothing at all when a change fails half-way", () => {
    fill();
    const before = store.snapshot();
    assert.throws(() =>
      store.change((transaction) => {
        transaction.removeTask("foreign");
        throw new Error("half-way");
      }),
    );
    assert.deepEqual(store.snapshot(), before);
    assert.equal(store.eventsSince(before.seq)?.length, 0);
  });

  it("removes a session with its tasks and its output", () => {
    fill();
    store.change((transaction) => {
      transaction.putSessionOutput("session1", { ansi: "a", text: "t", cols: 80, rows: 24 });
      transaction.removeSession("session1");
    });
    assert.equal(store.task("root"), null);
    assert.equal(store.sessionOutput("session1"), null);
  });

  it("says that a client is too far back, or ahead of it", () => {
    fill();
    assert.equal(store.eventsSince(store.seq)?.length, 0);
    assert.equal(store.eventsSince(store.seq + 1), null);
  });

  it("keeps its files to their owner", () => {
    assert.equal(statSync(path()).mode & 0o077, 0);
  });

  it("refuses a file that a newer Tally wrote", () => {
    const db = openDatabase(path());
    db.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    db.close();
    assert.throws(open, /Update Tally/);
  });

  it("can be locked by one gateway only, until that lets go", () => {
    const lockPath = join(folder.path, "lock");
    const first = lockInstance(lockPath);
    assert.ok(first);
    assert.equal(lockInstance(lockPath), null);
    first.release();
    const second = lockInstance(lockPath);
    assert.ok(second);
    second.release();
  });
});
