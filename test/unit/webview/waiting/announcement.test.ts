import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Session } from "../../../../src/protocol/entities.ts";
import { nextAnnouncement, silence } from "../../../../src/webview/sections/waiting/announcement.ts";
import { aRequest, aSession } from "../../../support/entities.ts";

const waits = (title: string, stateSince: number) =>
  aSession({ id: title, title, state: "WAITING_USER", stateSince, request: aRequest() });

/** What was said in all when these waited, one after the other; nobody did at first. */
function said(...all: readonly (readonly Session[])[]): readonly string[] {
  const words: string[] = [];
  let announcement = silence([]);
  for (const waiting of all) {
    const next = nextAnnouncement(announcement, waiting);
    if (next.number !== announcement.number) words.push(next.words);
    announcement = next;
  }
  return words;
}

describe("what a screen reader is told of who waits", () => {
  it("is nothing of those that waited before", () => {
    const waiting = [waits("Docs", 1)];
    assert.equal(nextAnnouncement(silence(waiting), waiting).number, 0);
  });

  it("names all that begin to wait at once", () => {
    assert.deepEqual(said([waits("Docs", 1), waits("Shop", 2)]), ["Docs waits for you. Shop waits for you."]);
  });

  it("names only those that are new", () => {
    assert.deepEqual(said([waits("Docs", 1)], [waits("Docs", 1), waits("Shop", 2)]), [
      "Docs waits for you.",
      "Shop waits for you.",
    ]);
  });

  it("is said once more of one that waits, goes on and waits again", () => {
    const again = "Docs waits for you.";
    assert.deepEqual(said([waits("Docs", 1)], [], [waits("Docs", 2)]), [again, again]);
  });

  it("is said once more where nobody saw it go on", () => {
    const again = "Docs waits for you.";
    assert.deepEqual(said([waits("Docs", 1)], [waits("Docs", 2)]), [again, again]);
  });
});
