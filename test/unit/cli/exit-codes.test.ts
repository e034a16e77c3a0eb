import assert from "node:assert/strict";
import { exitCodeOfError, exitCodeOfProgram } from "../../../src/cli/exit-codes.ts";

describe("exit codes", () => {
  it("are the program's own", () => {
    assert.equal(exitCodeOfProgram({ exitCode: 42, signal: null }), 42);
  });

  it("are 128 and the signal's number, as in a shell", () => {
    assert.equal(exitCodeOfProgram({ exitCode: null, signal: "SIGTERM" }), 143);
    assert.equal(exitCodeOfProgram({ exitCode: 0, signal: "SIGKILL" }), 137);
  });

  it("are a failure when nobody knows how the program ended", () => {
    assert.equal(exitCodeOfProgram({ exitCode: null, signal: null }), 1);
  });

  it("tell a missing program from one that may not be executed", () => {
    assert.equal(exitCodeOfError("program-missing"), 127);
    assert.equal(exitCodeOfError("program-not-executable"), 126);
  });

  it("tell a wrong command line from a failure", () => {
    assert.equal(exitCodeOfError("session-ambiguous"), 2);
    assert.equal(exitCodeOfError("session-not-found"), 1);
  });

  it("have one for a gateway that does not run", () => {
    assert.equal(exitCodeOfError("gateway-unreachable"), 3);
  });
});
