import assert from "node:assert/strict";
import { type Hook, type HookEvent, hookFlags } from "../../../../src/server/agents/codex/hook-flags.ts";

/** What `hooks/list` of Codex 0.169.0's app server says of hooks with this command and 5 seconds. */
const command = `/bin/sh -c 'cat > "$HOME/hooks/x"' # "quotes" \\ back é`;
const measured: Record<HookEvent, { key: string; hash: string }> = {
  SessionStart: { key: "session_start", hash: "917426b44ce757e187f620a8d2f9d8bf728b41990fa7f049fc0e4ff9c2348e35" },
  UserPromptSubmit: {
    key: "user_prompt_submit",
    hash: "1c27ae30e3518ce2c05b2ab8efe0b4604bc541fd0524378b53db630e8bdce5ad",
  },
  PermissionRequest: {
    key: "permission_request",
    hash: "8dce7bb2c9892598d777738791303cccbadb57a99ce3201a55e403a66615da7c",
  },
  Interrupt: { key: "interrupt", hash: "6d0f13758caf3c7d8d71039f6f35c0e4dfee303bd18f472b198f67bcb1ed938f" },
};

function hook(event: HookEvent): Hook {
  return { event, command, timeoutSeconds: 5 };
}

describe("the flags for Codex's hooks", () => {
  for (const [event, { key, hash }] of Object.entries(measured) as [HookEvent, { key: string; hash: string }][]) {
    it(`trust exactly the hook they define for ${event}, by the hash that Codex makes of it`, () => {
      const [, , , state] = hookFlags([hook(event)]);
      assert.equal(state, `hooks.state={"/<session-flags>/config.toml:${key}:0:0"={trusted_hash="sha256:${hash}"}}`);
    });
  }

  it("define each hook as a list of groups of commands, quoted as TOML", () => {
    const [flag, definition] = hookFlags([hook("SessionStart")]);
    assert.equal(flag, "-c");
    assert.equal(
      definition,
      String.raw`hooks.SessionStart=[{hooks=[{type="command",command="/bin/sh -c 'cat > \"$HOME/hooks/x\"' # \"quotes\" \\ back é",timeout=5}]}]`,
    );
  });

  it("give an interrupt no more than the seconds that Codex gives it", () => {
    const [, definition] = hookFlags([hook("Interrupt")]);
    assert.match(definition ?? "", /,timeout=3\}/);
  });

  it("escape what JSON leaves as it is and TOML refuses", () => {
    const [, definition] = hookFlags([{ ...hook("SessionStart"), command: "echo \u007f" }]);
    assert.match(definition ?? "", /command="echo \\u007f"/);
  });

  it("hold the trust of all hooks in one flag, which is the last", () => {
    const flags = hookFlags([hook("SessionStart"), hook("Interrupt")]);
    assert.equal(flags.filter((flag) => flag.startsWith("hooks.state=")).length, 1);
    assert.match(flags.at(-1) ?? "", /session_start:0:0.*interrupt:0:0/);
  });
});
