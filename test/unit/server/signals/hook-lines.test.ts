import assert from "node:assert/strict";
import { hookLines } from "../../../../src/server/signals/hook-lines.ts";

const lines = hookLines({
  spoolFolder: "/home/u/.tally/spool",
  gatewayPidFile: "/home/u/.tally/gateway.pid",
  sessionId: "s-1",
})!;

describe("A hook's line", () => {
  for (const [name, line] of [
    ["report", lines.report("Stop")],
    ["ask", lines.ask("PermissionRequest")],
    ["wrap", lines.wrap("statusLine", "date")],
  ] as const) {
    // fish reads a backslash within single quotes, csh a "!" and the end of a line; agents run hooks with the shell of the person.
    it(`that is to ${name} reads the same in every shell: plain words and single quotes`, () => {
      assert.match(line, /^exec \/bin\/sh -c( '[^'\\!\n]+')+$/u);
    });
  }
});
