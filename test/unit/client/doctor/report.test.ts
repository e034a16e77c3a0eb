import assert from "node:assert/strict";
import { ok, problem, warning } from "../../../../src/client/doctor/finding.ts";
import { reportOf, summaryOf } from "../../../../src/client/doctor/report.ts";
import { withoutSecrets } from "../../../../src/client/doctor/without-secrets.ts";

const git = problem("git", "cannot be run", "Install git.");
const tally = ok("tally", "not on PATH", "Install it.", "installCli");
const paused = warning("limits", "Claude Code is paused", "Wait.", "showLimits");

describe("Doctor's report", () => {
  it("begins with all of it in a sentence", () => {
    assert.equal(summaryOf([tally, git, paused, paused]), "1 problem and 2 warnings; 1 check is in order.");
    assert.equal(summaryOf([paused, tally, tally]), "1 warning; 2 checks are in order.");
    assert.equal(summaryOf([tally, tally]), "All is well: 2 checks are in order.");
  });

  it("says first what is wrong, each with what to do about it", () => {
    assert.equal(
      reportOf([tally, paused, git], "Tally 1.0").text,
      [
        "# Tally Doctor",
        "",
        "1 problem and 1 warning; 1 check is in order.",
        "",
        "Tally 1.0",
        "",
        "## Problems",
        "",
        "- git: cannot be run",
        "  Install git.",
        "",
        "## Warnings",
        "",
        "- limits: Claude Code is paused",
        "  Wait.",
        "",
        "## In order",
        "",
        "- tally: not on PATH",
        "  Install it.",
        "",
      ].join("\n"),
    );
  });

  it("knows the lines that a command can do something about", () => {
    const { text, fixes } = reportOf([tally, paused, git], "Tally 1.0");
    const lines = text.split("\n");
    assert.deepEqual(
      fixes.map(({ line, fix }) => [lines[line], fix]),
      [
        ["- limits: Claude Code is paused", "showLimits"],
        ["- tally: not on PATH", "installCli"],
      ],
    );
  });
});

describe("what Doctor's report shows of a secret", () => {
  it("is nothing, also where the editor found it", () => {
    const setting = warning("settings", "https://me:secret@host is not understood", "Correct https://me:secret@host.");
    const { text } = reportOf([setting], "Tally 1.0");
    assert.match(text, /https:\/\/host is not understood\n {2}Correct https:\/\/host\./);
  });

  const words: [string, string][] = [
    ["ANTHROPIC_API_KEY=sk-ant-abc in .zshrc", "ANTHROPIC_API_KEY=... in .zshrc"],
    ["invalid key sk-ant-api03-abc_def", "invalid key sk-..."],
    ["remote: ghp_abcdef0123 was refused", "remote: ghp_... was refused"],
    ["signed eyJhbGciOiJI.eyJzdWIi.c2ln in vain", "signed eyJ... in vain"],
    ["Authorization: Bearer abcdef0123==", "Authorization: Bearer ..."],
    ["task-queue of session disk-usage", "task-queue of session disk-usage"],
  ];
  for (const [text, shown] of words) {
    it(`is not what looks like a key: ${shown}`, () => {
      assert.equal(withoutSecrets(problem("agent", text, "")).text, shown);
    });
  }
});

describe("what a finding shows of an address", () => {
  const shown = (text: string) => withoutSecrets(problem("gateway", text, text));

  it("is no token and no password", () => {
    const { text, remedy } = shown("http://me:secret@host:1/t/0123abc/v1/health does not answer");
    assert.equal(text, "http://host:1/t/.../v1/health does not answer");
    assert.equal(remedy, text);
  });

  const addresses: [string, string][] = [
    ["https://user:pa/ss@host/x", "https://host/x"],
    ["https://user:p@ss@host/x", "https://host/x"],
    ["HTTPS://user:pw@host", "HTTPS://host"],
    ["socks5://user:pw@host:1080", "socks5://host:1080"],
    ["Claude (https://host/v1?api_key=abc), then", "Claude (https://host/v1?...), then"],
    ["https://host/v1#access=abc", "https://host/v1#..."],
    ["https://user:p?ss@host", "https://..."],
    ["https://host?key=a@b", "https://..."],
    ["(http://host/t/0123abc)", "(http://host/t/...)"],
  ];
  for (const [text, address] of addresses) {
    it(`is no secret wherever it stands: ${text}`, () => {
      assert.equal(shown(text).text, address);
      assert.equal(shown(address).text, address);
    });
  }

  it("is nothing of an address that nobody would read", () => {
    assert.equal(shown(`see https://${"a.".repeat(1_000)}@host, then`).text, "see https://... then");
  });

  it("is all of one that holds none", () => {
    assert.equal(shown("answers at http://127.0.0.1:4317 (pid 7)").text, "answers at http://127.0.0.1:4317 (pid 7)");
  });
});
