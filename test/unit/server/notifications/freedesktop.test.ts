import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { FreedesktopDesktop } from "../../../../src/server/notifications/freedesktop.ts";
import { NOTE_ID, startBus, type TestBus } from "../../../support/notification-bus.ts";

describe("a desktop of freedesktop.org", () => {
  let bus: TestBus;
  let desktop: FreedesktopDesktop;
  beforeEach(async () => {
    bus = await startBus();
    desktop = new FreedesktopDesktop({ busAddress: bus.address });
  });
  afterEach(() => bus.stop());

  it("shows a notification", async () => {
    const shown = await bus.serve(["body"]);
    await desktop.show({ title: "Fix the cart waits for you", body: "claude: Bash: a && b" }, "a");
    assert.deepEqual(shown, [{ replaces: 0, title: "Fix the cart waits for you", body: "claude: Bash: a && b" }]);
  });

  it("gets what agents wrote as text, where it takes markup", async () => {
    const shown = await bus.serve(["body", "body-markup"]);
    await desktop.show({ title: "<b>", body: '<img src="x"> && y' }, "a");
    assert.deepEqual(shown, [{ replaces: 0, title: "<b>", body: '&lt;img src="x"&gt; &amp;&amp; y' }]);
  });

  it("shows the next one on the same subject in place of the one before, and takes it back", async () => {
    const shown = await bus.serve([]);
    await desktop.show({ title: "1", body: "" }, "a");
    await desktop.show({ title: "2", body: "" }, "a");
    await desktop.withdraw("a");
    assert.deepEqual(shown.slice(1), [{ replaces: NOTE_ID, title: "2", body: "" }, { closed: NOTE_ID }]);
  });

  it("shows one for each subject", async () => {
    const shown = await bus.serve([]);
    await desktop.show({ title: "1", body: "" }, "a");
    await desktop.show({ title: "2", body: "" }, "b");
    await desktop.withdraw("c");
    assert.deepEqual(
      shown.map((told) => "replaces" in told && told.replaces),
      [0, 0],
    );
  });

  it("has nothing to take back before the first one", async () => {
    const shown = await bus.serve([]);
    await desktop.withdraw("a");
    assert.deepEqual(shown, []);
  });

  it("says so where nobody shows notifications", async () => {
    await assert.rejects(desktop.show({ title: "1", body: "" }, "a"));
  });

  it("says so where there is no bus", async () => {
    for (const [busAddress, why] of [
      [`unix:path=${join(bus.folder, "none")}`, /ENOENT/],
      [undefined, /no desktop session/],
    ] as const) {
      await assert.rejects(new FreedesktopDesktop({ busAddress }).show({ title: "1", body: "" }, "a"), why);
    }
  });
});
