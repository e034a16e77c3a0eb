import assert from "node:assert/strict";
import { readTaskWish } from "../../../../src/cli/tasks/task-options.ts";
import { UsageError } from "../../../../src/cli/usage.ts";

const run = (...args: string[]) => readTaskWish(args, "run");
const add = (...args: string[]) => readTaskWish(args, "queue add");

describe("the command line of a task", () => {
  it("says a prompt, and is about this folder", () => {
    const { prompt, target, whenPaused } = run("Fix it");
    assert.deepEqual({ prompt, target, whenPaused }, { prompt: "Fix it", target: { kind: "here" }, whenPaused: null });
  });

  it("leaves the prompt to stdin when there is none, or a dash", () => {
    assert.deepEqual([run().prompt, run("-").prompt], [null, null]);
  });

  it("takes a list for a prompt, though it begins with a dash", () => {
    const { prompt, json } = run("- fix the cart\n- test it", "--json");
    assert.deepEqual([prompt, json], ["- fix the cart\n- test it", true]);
  });

  it("names a session, a worktree, or a new one with what its branch begins from", () => {
    assert.deepEqual(run("x", "--session", "s1").target, { kind: "session", ref: "s1" });
    assert.deepEqual(run("x", "--worktree", "pay").target, { kind: "worktree", ref: "pay" });
    const made = { kind: "new", name: "pay", from: "main", skipCommands: true };
    assert.deepEqual(run("x", "--new", "pay", "--from", "main", "--no-setup").target, made);
  });

  it("passes on what is said of the agent, and leaves out what is not", () => {
    const words = ["x", "--agent", "codex", "--persona", "work", "--type", "git", "--", "--model", "o"];
    assert.deepEqual(run(...words).order, { agent: "codex", persona: "work", type: "git", args: ["--model", "o"] });
    assert.deepEqual(run("x").order, { args: [] });
  });

  it("reads a time limit, and that there is none", () => {
    assert.equal(run("x", "--time-limit", "1h30m").order.timeLimitMs, 5_400_000);
    assert.equal(run("x", "--time-limit", "none").order.timeLimitMs, null);
  });

  it("says what to do while a limit holds it", () => {
    assert.deepEqual([run("x", "--wait").whenPaused, run("x", "--force").whenPaused], ["wait", "start"]);
  });

  it("may name a file of tasks, and put them first, in the queue only", () => {
    const { file, isFirst } = add("--file", "tasks.txt", "--first");
    assert.deepEqual([file, isFirst], ["tasks.txt", true]);
    assert.throws(() => run("x", "--first"), { name: UsageError.name, message: /--first is for: tally queue add/ });
  });

  it("is refused where it contradicts itself or makes no sense", () => {
    const refused: [string[], RegExp][] = [
      [["x", "--wait", "--force"], /exclude each other/],
      [["x", "--session", "s", "--worktree", "w"], /exclude each other/],
      [["x", "--from", "main"], /for a new worktree/],
      [["x", "--session", "s", "--agent", "codex"], /for a new one/],
      [["x", "--type", "magic"], /no type of task.*code, git, file, command/],
      [["x", "--time-limit", "5"], /no duration/],
      [["x", "--time-limit", "8d"], /seven days/],
      [[" "], /prompt is empty/],
      [["x", "--file", "f"], /in the file/],
      [["--file", "f", "--follow"], /shows one task/],
    ];
    for (const [words, message] of refused) assert.throws(() => add(...words), { name: UsageError.name, message });
  });
});
