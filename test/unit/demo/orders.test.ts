import assert from "node:assert/strict";
import { readOrders } from "../../../src/demo/orders.ts";

const NOW = 1_000_000;

describe("the lines of a prompt for the demo agent", () => {
  it("are obeyed in their order", () => {
    const prompt = "tool Bash: npm test\n\n  tokens 10 2 0.5\nappend /tmp/a b  c\nsay it is done\nexit 3";
    assert.deepEqual(readOrders(prompt, NOW, false), [
      { do: "tool", text: "Bash: npm test" },
      { do: "tokens", input: 10, output: 2, costUsd: 0.5 },
      { do: "append", path: "/tmp/a", text: "b  c" },
      { do: "say", text: "it is done" },
      { do: "exit", code: 3 },
    ]);
  });

  it("are said back where they are none of its words", () => {
    assert.deepEqual(readOrders("Fix the harbour.", NOW, false), [{ do: "say", text: "Fix the harbour." }]);
  });

  it("name a limit by the second it resets, or by how many seconds it is away", () => {
    const [exact] = readOrders("limit weekly 5", NOW, false);
    assert.deepEqual(exact, { do: "limit", kind: "weekly", resetsAt: 5_000 });
    const [away] = readOrders("limit five-hour +5", NOW, false);
    assert.deepEqual(away, { do: "limit", kind: "five-hour", resetsAt: NOW + 5_000 });
  });

  it("meet a limit that is seconds away only in a new conversation", () => {
    assert.deepEqual(readOrders("limit five-hour +5", NOW, true), [{ do: "limit", kind: "five-hour", resetsAt: NOW }]);
  });
});
