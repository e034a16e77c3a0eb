import assert from "node:assert/strict";
import { join } from "node:path";
import type { FeedFrame } from "../../../../src/protocol/session-feed.ts";
import { FeedListener } from "../../../../src/server/session-api/feed-listener.ts";
import { openDatabase } from "../../../../src/server/store/database.ts";
import { Store } from "../../../../src/server/store/store.ts";
import { type Deferred, deferred } from "../../../support/deferred.ts";
import { aProject, aSession, aTask } from "../../../support/entities.ts";
import { tempFolder } from "../../../support/repositories.ts";

const machine = { hostname: "box", platform: "linux", user: "me" };

describe("a listener of the feed", () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let store: Store;
  beforeEach(async () => {
    folder = await tempFolder();
    store = new Store(openDatabase(join(folder.path, "state.db")), () => 7);
    store.change((transaction) => transaction.putProject(aProject(), { givenName: null }));
  });
  afterEach(async () => {
    store.close();
    await folder.dispose();
  });

  const start = (id: string) =>
    store.change((transaction) => {
      transaction.putSession(aSession({ id, state: "IDLE" }));
      transaction.putTask(aTask({ id: `root of ${id}`, kind: "root", sessionId: id }));
    });
  const end = (id: string) =>
    store.change((transaction) => transaction.putSession(aSession({ id, state: "DONE", endedAt: 9 })));
  const prompt = (id: string, title: string) =>
    store.change((transaction) => transaction.putTask(aTask({ id: title, title, kind: "prompt", sessionId: id })));
  const forget = (seq: number) => {
    const database = openDatabase(join(folder.path, "state.db"));
    database.prepare("DELETE FROM events WHERE seq <= ?").run(seq);
    database.close();
  };

  const inWords = (frame: FeedFrame) =>
    "sessionId" in frame ? `${frame.sessionId} ${frame.type.slice("session:".length)}` : frame.type;

  /** Hears frames; `taken` says when a frame has been taken. */
  function listen(since?: number, taken: () => Promise<void> = () => Promise.resolve()) {
    const heard: FeedFrame[] = [];
    const send = (frame: FeedFrame) => {
      heard.push(frame);
      return taken();
    };
    const listener = new FeedListener({ store, machine, since, send });
    const told: Promise<void>[] = [];
    store.subscribe((events) => void told.push(listener.happened(events)));
    return {
      heard,
      words: () => heard.map(inWords),
      lastSeq: () => heard.at(-1)!.seq,
      listener,
      begin: () => listener.begin(),
      settled: () => Promise.all(told),
    };
  }
  const following = async (since?: number) => {
    const listening = listen(since);
    await listening.begin();
    return listening;
  };

  it("hears where it begins, and from then on all that happens, at once", async () => {
    start("before");
    const { heard, words, settled } = await following();
    assert.deepEqual(heard, [{ type: "ready", seq: store.seq }]);
    start("a");
    assert.deepEqual(words(), ["ready", "a started"]);
    await settled();
    prompt("a", "Look");
    await settled();
    end("a");
    await settled();
    assert.deepEqual(words(), ["ready", "a started", "a updated", "a ended"]);
  });

  it("hears the whole session, and the number and time of the event", async () => {
    const { heard, settled } = await following();
    start("a");
    await settled();
    prompt("a", "Look");
    await settled();
    const frame = heard.at(-1)!;
    assert.ok(frame.type === "session:updated");
    assert.deepEqual([frame.seq, frame.timestamp], [store.seq, "1970-01-01T00:00:00.007Z"]);
    assert.deepEqual(
      frame.data.chains.map(({ prompt: text }) => text),
      ["Look"],
    );
  });

  it("hears what it missed once and in order when it says what it heard last", async () => {
    start("a");
    const since = store.seq;
    start("b");
    end("a");
    prompt("b", "Look");
    const { heard, words, settled } = await following(since);
    assert.deepEqual(words(), ["ready", "b started", "a ended", "b updated"]);
    assert.deepEqual(heard[0], { type: "ready", seq: since });
    start("c");
    await settled();
    assert.equal(words().at(-1), "c started");
  });

  it("hears everything once wherever it is cut off", async () => {
    const since = store.seq;
    store.change((transaction) => {
      for (const id of ["a", "b", "c"]) transaction.putSession(aSession({ id }));
      transaction.putTask(aTask({ id: "of a", sessionId: "a" }));
      transaction.putSession(aSession({ id: "b", endedAt: 9 }));
    });
    const whole = (await following(since)).heard.slice(1);
    for (const [index, { seq }] of whole.entries()) {
      const rest = (await following(seq)).heard.slice(1);
      assert.deepEqual(rest, whole.slice(index + 1));
    }
  });

  it("hears nothing twice when it is up to date", async () => {
    start("a");
    assert.deepEqual((await following(store.seq)).words(), ["ready"]);
  });

  it("hears all sessions anew when what it missed is not kept any more, or never happened", async () => {
    start("a");
    start("b");
    end("b");
    forget(store.seq - 1);
    for (const since of [1, store.seq + 1]) {
      const { heard, words } = await following(since);
      assert.deepEqual(words(), ["reset", "a updated", "b updated", "ready"]);
      assert.deepEqual(
        heard.map(({ seq }) => seq),
        [0, 0, 0, store.seq],
      );
    }
  });

  it("hears of a session that was removed as it was", async () => {
    const since = store.seq;
    start("a");
    end("a");
    store.change((transaction) => transaction.removeSession("a"));
    assert.deepEqual((await following(since)).words(), ["ready", "a started", "a ended"]);
  });

  it("is not told more before it has taken what it was told, and then the last of each session", async () => {
    let slow: Deferred<void> = deferred();
    const { words, begin, listener, settled } = listen(undefined, () => slow.promise);
    const begun = begin();
    slow.resolve();
    await begun;
    slow = deferred();
    start("a");
    prompt("a", "one");
    prompt("a", "two");
    start("b");
    assert.deepEqual(words(), ["ready", "a started"]);
    slow.resolve();
    await settled();
    assert.deepEqual(words(), ["ready", "a started", "a updated", "b started"]);
    listener.gone();
  });

  it("hears what changes because of a change after it, and once", async () => {
    store.subscribe((events) => {
      const [{ change } = { change: null }] = events;
      if (change?.type === "session.changed" && change.transition === "started") prompt(change.session.id, "Look");
    });
    const { heard, words, settled } = await following();
    start("a");
    await settled();
    assert.deepEqual(words().filter((word) => word === "a started").length, 1);
    const seqs = heard.map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      seqs.toSorted((one, other) => one - other),
    );
    assert.equal(seqs.at(-1), store.seq);
  });

  it("hears nothing any more once it is gone", async () => {
    const { words, listener, settled } = await following();
    listener.gone();
    start("a");
    await settled();
    assert.deepEqual(words(), ["ready"]);
  });
});
