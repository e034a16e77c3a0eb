import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { settingsSchema } from "../../../../src/protocol/limits.ts";
import { startNotifications } from "../../../../src/server/notifications/notifications.ts";
import { openDatabase } from "../../../../src/server/store/database.ts";
import { Store } from "../../../../src/server/store/store.ts";
import { tempFolder } from "../../../support/repositories.ts";

describe("the setting for notifications", () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let store: Store;
  beforeEach(async () => {
    folder = await tempFolder();
    store = new Store(openDatabase(join(folder.path, "state.db")), () => 0);
  });
  afterEach(async () => {
    store.close();
    await folder.dispose();
  });

  it("outlives the gateway that heard it", () => {
    const first = start(store);
    const window = { tellForemost: () => undefined };
    first.presence.set(window, { type: "presence", isFocused: false, frontSessionId: null, notifications: "off" });
    first.stop();
    assert.equal(start(store).presence.place, "off");
  });

  it("is what it is at first, when what was kept is of another version", () => {
    store.change((transaction) => transaction.putValue("notifications.place", "on the moon"));
    assert.equal(start(store).presence.place, "both");
  });
});

function start(store: Store) {
  const silent = () => undefined;
  const log = { info: silent, warn: silent, error: silent, close: () => Promise.resolve() };
  const nothing = () => Promise.resolve();
  const settings = () => settingsSchema.parse({});
  return startNotifications({ store, log, desktop: { show: nothing, withdraw: nothing }, settings });
}
