import assert from "node:assert/strict";
import { missing, versionFinding } from "../../../../src/client/doctor/check-agents.ts";
import { spaceFinding } from "../../../../src/client/doctor/check-home.ts";
import { hookFinding } from "../../../../src/client/doctor/check-hooks.ts";
import { limitFindings } from "../../../../src/client/doctor/check-limits.ts";
import { comparePaths } from "../../../../src/client/doctor/check-path.ts";
import { settingFindings } from "../../../../src/client/doctor/check-settings.ts";
import type { Finding } from "../../../../src/client/doctor/finding.ts";
import { type Settings, settingsSchema } from "../../../../src/protocol/limits.ts";
import { aPause } from "../../../support/entities.ts";

const levels = (findings: readonly Finding[]) => findings.map(({ level }) => level);

describe("Doctor on PATH", () => {
  const compare = (own: string, path: string | null) => comparePaths("editor", own, { name: "zsh", path });

  it("is content where the editor has all that a login shell has", () => {
    assert.deepEqual(compare("/home/me/bin:/usr/bin/:/bin", "/bin:/usr/bin"), {
      ...compare("/bin", "/bin"),
      level: "ok",
      remedy: null,
    });
  });

  it("names the folders that only a login shell has, and how to get them", () => {
    const { level, text, remedy } = compare("/bin", "/bin:/home/me/.local/bin");
    assert.equal(level, "ok");
    assert.match(text, /besides: \/home\/me\/\.local\/bin$/);
    assert.match(remedy ?? "", /quit the editor/);
  });

  it("names only some of many", () => {
    const { text } = compare("", Array.from({ length: 8 }, (_, index) => `/opt/${index}/bin`).join(":"));
    assert.match(text, /\/opt\/4\/bin and 3 more$/);
  });

  it("warns of a login shell that does not tell", () => {
    assert.equal(compare("/bin", null).level, "warning");
  });
});

describe("Doctor on an agent", () => {
  const codex = { label: "Codex", installHint: "npm install -g codex" };
  const answer = { stdout: "", stderr: "", failure: null };

  it("tells its version and where it is", () => {
    const finding = versionFinding("Codex", "/bin/codex", { ...answer, stdout: "codex-cli 0.169.0\n" });
    assert.deepEqual([finding.level, finding.text], ["ok", "0.169.0, /bin/codex"]);
  });

  it("warns of one that cannot be run, in its own words", () => {
    const stderr = "env: node: No such file or directory\n";
    const { level, text } = versionFinding("Codex", "/bin/codex", { ...answer, stderr, failure: "exit code 127" });
    assert.equal(level, "warning");
    assert.match(text, /env: node: No such file/);
  });

  it("finds no fault with one that is not installed, and says how to", () => {
    const { level, remedy } = missing("editor", codex, null);
    assert.deepEqual([level, remedy], ["ok", "To install it: npm install -g codex"]);
  });

  it("warns of one that only the person's shell finds", () => {
    const { level, text } = missing("editor", codex, "/home/me/.npm/bin/codex");
    assert.equal(level, "warning");
    assert.match(text, /not on the editor's PATH/);
  });
});

describe("Doctor on hooks", () => {
  const facts = { untaken: 0, rejected: 0, silent: [] };

  it("is content when all is taken", () => assert.equal(hookFinding(facts).level, "ok"));

  it("finds reports that the gateway does not take", () => {
    const { level, text, fix } = hookFinding({ ...facts, untaken: 2 });
    assert.deepEqual([level, fix], ["problem", "restartGateway"]);
    assert.match(text, /^2 reports/);
  });

  it("warns of an agent that does not report, and of reports that are none", () => {
    assert.match(hookFinding({ ...facts, silent: ["Fix the cart"] }).text, /"Fix the cart"/);
    assert.match(hookFinding({ ...facts, rejected: 1 }).text, /^1 report /);
  });
});

describe("Doctor on the disk", () => {
  const MB = 1024 * 1024;
  it("warns while there is little, and calls next to nothing a problem", () => {
    const found = [5_000, 500, 50].map((freeMb) => spaceFinding("/home/me/.tally", freeMb * MB));
    assert.deepEqual(levels(found), ["ok", "warning", "problem"]);
    assert.match(found[1]?.text ?? "", /only 500 MB/);
  });
});

describe("Doctor on limits", () => {
  it("tells what is paused and how to see it", () => {
    const [finding] = limitFindings([aPause({ label: "Claude Code", kind: "manual", until: null })], 1);
    assert.deepEqual([finding?.level, finding?.fix], ["warning", "showLimits"]);
    assert.equal(finding?.text, "Claude Code is paused, until it is lifted");
  });

  it("takes no notice of what only looks like a limit", () => {
    assert.deepEqual(levels(limitFindings([aPause({ isInForce: false })], 2)), ["ok"]);
  });
});

describe("Doctor on settings", () => {
  const found = (settings: Partial<Settings>, isFolder = true) =>
    settingFindings(settingsSchema.parse(settings), () => isFolder).filter(({ level }) => level !== "ok");

  it("is content with the defaults", () => assert.deepEqual(found({}), []));

  for (const [what, settings, named] of [
    ["more tasks of an account than at once", { maxTasks: 2, maxTasksPerAccount: 5 }, /maxAtOncePerAccount \(5\)/],
    ["launches that a limit stops at once", { block: "off" }, /tally\.limits\.block/],
    ["quiet hours that are none", { quietHours: "22:00-22:00" }, /quietHours/],
    ["an agent that is none", { worktreeAgent: "cluade" }, /"cluade"/],
  ] as const) {
    it(`warns of ${what}`, () => {
      const findings = found(settings);
      assert.equal(findings.length, 1);
      assert.match(findings[0]?.text ?? "", named);
      assert.equal(findings[0]?.fix, "openSettings");
    });
  }

  it("warns of a persona whose config home is not there", () => {
    const personas = [{ name: "work", agent: "claude", configHome: "~/.claude-wrok", args: [], env: {} }];
    assert.match(found({ personas }, false)[0]?.text ?? "", /"work".*~\/\.claude-wrok/);
    assert.deepEqual(found({ personas }, true), []);
  });
});
