import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hookLines } from "../../../src/server/signals/hook-lines.ts";
import { asSh, runHook, SHELLS } from "./hook-process.ts";

for (const shell of SHELLS) {
  describe(`A hook that asks, run by ${shell.name}`, () => {
    it("takes its question back in silence when nobody has answered in the time it has", async () => {
      const root = mkdtempSync(join(tmpdir(), "tally-ask-"));
      try {
        const spoolFolder = join(root, "spool");
        const gatewayPidFile = join(root, "gateway.pid");
        mkdirSync(spoolFolder);
        writeFileSync(gatewayPidFile, String(process.pid));
        const lines = hookLines({ spoolFolder, gatewayPidFile, sessionId: "codex-1-abc" });
        assert.ok(lines);
        const end = await runHook(lines.ask("hook", 0.4), "{}", { sh: asSh(shell.path, join(root, "shell")) });
        assert.deepEqual(end, { stdout: Buffer.alloc(0), stderr: "", exitCode: 0, signal: null });
        assert.match(readdirSync(spoolFolder).join(), /\.ask\.gone$/);
      } finally {
        rmSync(root, { recursive: true });
      }
    });
  });
}
