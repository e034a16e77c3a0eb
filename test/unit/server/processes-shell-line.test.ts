import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { lineOf, shellFor, stayingLine } from "../../../src/server/worktrees/processes/shell-line.ts";

describe("the shell of a process", () => {
  const fileOf = (shell: string | undefined) => shellFor({ SHELL: shell }, "linux", false).file;

  it("is the person's own where lines are usually written for it", () => {
    assert.equal(fileOf("/usr/bin/zsh"), "/usr/bin/zsh");
    assert.equal(fileOf("/opt/homebrew/bin/fish"), "/opt/homebrew/bin/fish");
  });

  it("is /bin/sh where theirs is another, or none, or no path", () => {
    assert.deepEqual(["/usr/bin/nu", "/bin/false", undefined, "", "bash"].map(fileOf), Array(5).fill("/bin/sh"));
  });

  it("gets the line as one argument", () => {
    assert.deepEqual(shellFor({ SHELL: "/bin/bash" }, "linux", false).args("a && b"), ["-c", "a && b"]);
  });

  it("reads what the person has set up for terminals when it is interactive", () => {
    const args = shellFor({ SHELL: "/bin/zsh" }, "darwin", true).args("workon shop && a");
    assert.deepEqual(args.slice(0, 2), ["-i", "-c"]);
    assert.match(args[2] ?? "", /\nworkon shop && a$/);
  });

  it("gives fish nothing that fish does not know", () => {
    assert.deepEqual(shellFor({ SHELL: "/usr/bin/fish" }, "linux", true).args("a"), ["-i", "-c", "a"]);
  });

  it("stays until a command that is waited for has ended, with its exit code", () => {
    for (const run of ["true", "exit 3", "sh -c 'exit 4'", "false # why"]) {
      const shell = shellFor({ SHELL: "/bin/bash" }, "linux", false);
      const codes = [run, stayingLine(run, shell)].map((line) => spawnSync(shell.file, shell.args(line)).status);
      assert.equal(codes[0], codes[1], run);
    }
    assert.equal(stayingLine("a", { file: "/usr/bin/fish", args: () => [] }), "a\nexit $status");
    assert.equal(stayingLine("a", { file: "C:\\cmd.exe", args: () => [] }), "a");
  });

  it("is the command prompt on Windows", () => {
    const shell = shellFor({ ComSpec: "D:\\cmd.exe", SHELL: "/bin/bash" }, "win32", true);
    assert.deepEqual([shell.file, shell.args("npm run dev")], ["D:\\cmd.exe", ["/d", "/s", "/c", "npm run dev"]]);
  });

  it("keeps quotes, dollars and exclamation marks of a line", () => {
    const shell = shellFor({ SHELL: "/bin/bash" }, "linux", true);
    const line = lineOf("cd / &&", `echo 'a!b' "c!d $PWD"`);
    assert.equal(
      execFileSync(shell.file, shell.args(line), { stdio: ["ignore", "pipe", "ignore"] }).toString(),
      "a!b c!d /\n",
    );
  });

  it("has the prelude before the command, whatever it ends with", () => {
    assert.equal(lineOf("workon shop &&", "npm start"), "workon shop && npm start");
    assert.equal(lineOf("poetry run", "./manage.py"), "poetry run ./manage.py");
    assert.equal(lineOf(null, "npm start"), "npm start");
  });
});
