import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  earlierEntries,
  ENTRIES_SHOWN,
  noOutput,
  withEntries,
} from "../../../../src/webview/sections/tasks/latest-output.ts";

const entry = (index: number) => ({ kind: "text" as const, text: `line ${index}` });

describe("the latest output", () => {
  it("keeps the last entries, and counts all", () => {
    const output = withEntries(
      noOutput,
      Array.from({ length: ENTRIES_SHOWN + 3 }, (_, index) => entry(index)),
    );
    assert.deepEqual([output.entries[0], output.total, earlierEntries(output)], [entry(3), ENTRIES_SHOWN + 3, 3]);
  });

  it("goes on where it was", () => {
    const output = withEntries(withEntries(noOutput, [entry(1)]), [entry(2)]);
    assert.deepEqual(output, { entries: [entry(1), entry(2)], total: 2 });
  });

  it("stays the very same without news", () => assert.equal(withEntries(noOutput, []), noOutput));
});
