import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { OrderlyDesktop } from "../../../../src/server/notifications/orderly-desktop.ts";
import { deferred } from "../../../support/deferred.ts";

const note = { title: "1", body: "" };

describe("a desktop that hears in order", () => {
  it("is told to take a note back once it has shown it", async () => {
    const { desktop, told, shown } = slowDesktop();
    const shows = desktop.show(note, "a");
    const withdraws = desktop.withdraw("a");
    assert.deepEqual(told, ["show a"]);
    shown.resolve();
    await Promise.all([shows, withdraws]);
    assert.deepEqual(told, ["show a", "shown a", "withdraw a"]);
  });

  it("is told to take a note back also when it has failed to show it", async () => {
    const { desktop, told, shown } = slowDesktop();
    const shows = assert.rejects(desktop.show(note, "a"));
    const withdraws = desktop.withdraw("a");
    shown.reject(new Error("no bus"));
    await Promise.all([shows, withdraws]);
    assert.deepEqual(told, ["show a", "withdraw a"]);
  });

  it("is told of one subject while it still shows another", async () => {
    const { desktop, told, shown } = slowDesktop();
    const shows = desktop.show(note, "a");
    await desktop.withdraw("b");
    assert.deepEqual(told, ["show a", "withdraw b"]);
    shown.resolve();
    await shows;
  });
});

/** A desktop that has shown a note only when the test says so. */
function slowDesktop() {
  const told: string[] = [];
  const shown = deferred();
  const desktop = new OrderlyDesktop({
    show: async (_note, subject) => {
      told.push(`show ${subject}`);
      await shown.promise;
      told.push(`shown ${subject}`);
    },
    withdraw: (subject) => Promise.resolve(void told.push(`withdraw ${subject}`)),
  });
  return { desktop, told, shown };
}
