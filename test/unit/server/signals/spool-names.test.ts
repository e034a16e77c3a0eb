import assert from "node:assert/strict";
import { parseSpoolName, spoolNameStart } from "../../../../src/server/signals/spool-names.ts";

describe("The names of spooled files", () => {
  for (const [session, channel] of [
    ["claude-1700000000000-abc123def", "PermissionRequest"],
    ["a~b/c.d", "status line"],
    ["it's", "日本 (100%) !*"],
  ] as const) {
    it(`keep the session ${session} and the channel ${channel}`, () => {
      const parsed = parseSpoolName(`${spoolNameStart(session, channel)}~12~345.json`);
      assert.deepEqual([parsed?.sessionId, parsed?.channel], [session, channel]);
    });
  }

  it("hold nothing that a file system or a shell reads in a way of its own", () => {
    assert.match(spoolNameStart(`../.~$'"\\\n*?[!(日`, "|;&<> "), /^[\w%-]+~[\w%-]+$/u);
  });

  for (const [ending, kind] of [
    [".json", "report"],
    [".ask", "ask"],
    [".ask.reply", "reply"],
    [".ask.gone", "gone"],
  ] as const) {
    it(`say by ${ending} that this is a ${kind}`, () => {
      const { base, kind: said } = parseSpoolName(`s~c~12~345~2${ending}`) ?? {};
      assert.deepEqual({ base, said }, { base: "s~c~12~345~2", said: kind });
    });
  }

  it("say which process ran the hook, and which one the hook was", () => {
    const { agentPid, hookPid } = parseSpoolName("s~c~12~345~2.json") ?? {};
    assert.deepEqual({ agentPid, hookPid }, { agentPid: 12, hookPid: 345 });
  });

  for (const name of [
    "s~c~12.json",
    "s~c~x~345.json",
    "s~c~12~345",
    "s~c~12~345.txt",
    "~c~1~2.json",
    "s%~c~1~2.json",
    "a/b~c~1~2.x.json",
    "s~c~1~2~3~4.json",
  ]) {
    it(`are not ours: ${name}`, () => assert.equal(parseSpoolName(name), undefined));
  }
});
