import assert from "node:assert/strict";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { SessionCreation } from "../../../../src/server/session-api/session-creation.ts";
import type { HeadlessSessionOrder } from "../../../../src/server/sessions/headless-sessions.ts";
import { aProject, aSession, aTask } from "../../../support/entities.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { tempFolder } from "../../../support/repositories.ts";

describe("sessions that other tools make", () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let clock: ManualClock;
  let made: HeadlessSessionOrder[];
  let creation: SessionCreation;
  beforeEach(async () => {
    folder = await tempFolder();
    clock = new ManualClock();
    made = [];
    const create = (order: HeadlessSessionOrder) => {
      made.push(order);
      return Promise.resolve({ session: aSession({ cwd: order.cwd }), project: aProject(), task: aTask() });
    };
    creation = new SessionCreation({ headless: { create }, now: () => clock.now() });
  });
  afterEach(() => folder.dispose());

  const make = (cwd = folder.path) => creation.create({ cwd });
  const makeMany = async (count: number) => {
    for (let each = 0; each < count; each++) await make();
  };

  it("are kept open, and come over HTTP", async () => {
    await creation.create({ cwd: `${folder.path}/.`, agent: "demo", title: "Nightly" });
    assert.deepEqual(made, [{ cwd: folder.path, agent: "demo", title: "Nightly", origin: "http", isKeptOpen: true }]);
  });

  it("are twenty at once, and then two a second", async () => {
    await makeMany(20);
    await assert.rejects(make(), { code: "too-many-requests" });
    clock.advance(1_000);
    await makeMany(2);
    await assert.rejects(make(), { code: "too-many-requests" });
    assert.equal(made.length, 22);
  });

  it("do not count when their folder is refused", async () => {
    for (let each = 0; each < 30; each++) await assert.rejects(make("/etc"), { code: "system-folder" });
    await makeMany(20);
  });

  it("work in no system folder, however one gets there", async () => {
    await mkdir(join(folder.path, "inner"));
    await symlink("/etc", join(folder.path, "link"));
    await symlink("link", join(folder.path, "inner", "of-link"));
    for (const path of [
      join(folder.path, "link"),
      `${join(folder.path, "link")}/`,
      join(folder.path, "link", "ssl"),
      `${folder.path}/../../../etc`,
      "/proc/self/root/etc",
      "/etc/there/is/none",
      "C:\\Windows",
    ]) {
      await assert.rejects(make(path), { code: "system-folder" }, path);
    }
    assert.deepEqual(made, []);
  });

  it("work in no folder that is not there", async () => {
    await assert.rejects(make(join(folder.path, "none")), { code: "folder-missing" });
    assert.deepEqual(made, []);
  });
});
