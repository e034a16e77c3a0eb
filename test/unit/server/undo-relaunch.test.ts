import assert from "node:assert/strict";
import { join } from "node:path";
import type { Session } from "../../../src/protocol/entities.ts";
import { type KeptLaunch, readKeptLaunch } from "../../../src/server/sessions/kept-launch.ts";
import { beforeRelaunch, undoRelaunch } from "../../../src/server/sessions/undo-relaunch.ts";
import { openDatabase } from "../../../src/server/store/database.ts";
import { type SessionInternals, Store } from "../../../src/server/store/store.ts";
import { aProject, aReason, aSession } from "../../support/entities.ts";
import { tempFolder } from "../../support/repositories.ts";

describe("a relaunch of which nothing was done", () => {
  const launch: KeptLaunch = { args: [], env: {}, generation: 1, wasHeld: false, hasRun: true, pendingPrompt: null };
  const scheduled = { pauseId: "p", owner: "tally", status: "scheduled", at: 9, text: "It goes on." } as const;
  const paused = aSession({ state: "PAUSED", pid: 7, reason: aReason({ text: "A limit." }), continuation: scheduled });
  const internals = { ptyId: paused.id, endRequested: false, processStart: null, tracking: '"what it said"' };

  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let store: Store;
  let followed: string[];
  beforeEach(async () => {
    folder = await tempFolder();
    store = new Store(openDatabase(join(folder.path, "state.db")), () => 0);
    followed = [];
    put(paused, { ...internals, launch: JSON.stringify(launch) });
  });
  afterEach(async () => {
    store.close();
    await folder.dispose();
  });

  const following = {
    relaunched: (id: string) => void followed.push(`forgets ${id}`),
    follow: ({ id }: Session) => void followed.push(`follows ${id}`),
  };
  const put = (session: Session, changed: Partial<SessionInternals>) =>
    store.change((transaction) => {
      transaction.putProject(aProject({ id: session.projectId }), { givenName: null });
      transaction.putSession(session, changed);
    });
  const stored = () => {
    const session = store.session(paused.id);
    assert(session);
    return session;
  };
  const prepare = () => {
    const before = beforeRelaunch(stored());
    const next = JSON.stringify({ ...launch, generation: 2, before } satisfies KeptLaunch);
    const resuming = { ...scheduled, status: "resuming" } as const;
    const prepared: Session = { ...paused, state: "STARTING", pid: null, continuation: resuming };
    put(prepared, { tracking: '"nothing yet"', launch: next });
    return prepared;
  };
  const undo = () => {
    const before = readKeptLaunch(stored().launch)?.before;
    assert(before);
    undoRelaunch({ store, following }, paused.id, before);
  };

  it("leaves its session as it was, with what its program has said, from what is stored alone", () => {
    const before = stored();
    prepare();
    undo();
    assert.deepEqual(stored(), before);
    assert.deepEqual(followed, [`forgets ${paused.id}`, `follows ${paused.id}`]);
  });

  it("takes back nothing else that has happened meanwhile", () => {
    put({ ...prepare(), title: "Another", autoResume: false }, { endRequested: true });
    undo();
    assert.deepEqual(
      [stored().state, stored().title, stored().autoResume, stored().endRequested],
      ["PAUSED", "Another", false, true],
    );
  });

  it("leaves an ended session ended, and does not follow it", () => {
    put({ ...paused, state: "DONE", endedAt: 5 }, {});
    prepare();
    undo();
    assert.deepEqual([stored().state, stored().endedAt, followed], ["DONE", 5, [`forgets ${paused.id}`]]);
  });

  it("is not kept with the one after it", () => {
    prepare();
    assert.equal(readKeptLaunch(beforeRelaunch(stored()).internals.launch)?.before, undefined);
  });

  it("cannot be read from a launch that was kept by an older version, which stays known", () => {
    const kept = readKeptLaunch(JSON.stringify({ ...launch, before: { shown: "something else" } }));
    assert.deepEqual([kept?.generation, kept?.before], [1, undefined]);
  });
});
