import assert from "node:assert/strict";
import { readArguments, UsageError } from "../../../src/cli/usage.ts";

const options = { from: { type: "string" }, json: { type: "boolean" } } as const;

const problemOf = (...args: string[]) => {
  try {
    readArguments(args, options, []);
    return null;
  } catch (error) {
    return error instanceof UsageError ? error.message : String(error);
  }
};

describe("an option that a command does not know", () => {
  it("is told with the one that was meant", () => {
    assert.equal(problemOf("--form", "main"), "Unknown option '--form'. Did you mean: --from?");
  });

  it("is told alone when it is like none", () => {
    assert.equal(problemOf("--verbose"), "Unknown option '--verbose'.");
  });
});

describe("an option without its value", () => {
  it("is told in a sentence", () => {
    assert.match(problemOf("--from") ?? "", /--from.*missing\.$/);
  });
});
