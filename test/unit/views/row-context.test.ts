import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import type { Worktree } from "../../../src/protocol/entities.ts";
import type { HelperProcess } from "../../../src/protocol/worktrees.ts";
import { processContext, worktreeContext } from "../../../src/views/row-context.ts";
import { anOperation, aProcess, aWorktree } from "../../support/entities.ts";

interface MenuEntry {
  readonly command: string;
  readonly when: string;
  readonly group: string;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly contributes: { readonly menus: { readonly "view/item/context": readonly MenuEntry[] } };
};

/** What the menu of a row offers, as package.json says it. */
function offered(viewItem: string): string[] {
  const fits = ({ when }: MenuEntry) => {
    const [, pattern] = /viewItem =~ \/(.+?)\/(?: |$)/.exec(when) ?? [];
    const [, value] = /viewItem == ([\w.]+)/.exec(when) ?? [];
    return pattern === undefined ? value === viewItem : new RegExp(pattern).test(viewItem);
  };
  const entries = manifest.contributes.menus["view/item/context"].filter(
    (entry) => !entry.group.startsWith("inline") && fits(entry),
  );
  return entries.map(({ command }) => command.replace("tally.", "")).sort();
}

const ofWorktree = (fields: Partial<Worktree>) => offered(worktreeContext(aWorktree(fields)));
const ofProcess = (fields: Partial<HelperProcess>) => offered(processContext(aProcess(fields)));
const ports = [{ name: "backend", port: 8000 }];

describe("the menu of a worktree's row", () => {
  it("offers all that can be done with one that is ready", () => {
    assert.deepEqual(ofWorktree({ ports }), [
      "copyWorktreePath",
      "newSession",
      "openPort",
      "openWorktree",
      "openWorktreeTerminal",
      "removeWorktree",
      "resumeWorktree",
      "revealWorktree",
    ]);
  });

  it("offers no port where there is none", () => {
    assert.ok(!ofWorktree({}).includes("openPort"));
  });

  it("offers to adopt one that Tally did not make, and not to remove it", () => {
    const actions = ofWorktree({ status: "seen" });
    assert.ok(actions.includes("adoptWorktree") && actions.includes("newSession"));
    assert.ok(!actions.includes("removeWorktree") && !actions.includes("resumeWorktree"));
  });

  it("offers to repair or to remove one that is broken", () => {
    const actions = ofWorktree({ status: "broken" });
    assert.ok(actions.includes("repairWorktree") && actions.includes("removeWorktree"));
    assert.ok(!actions.includes("newSession"));
  });

  it("offers nothing that would be in the way of what is being done to it", () => {
    for (const status of ["adding", "removing", "broken"] as const) {
      assert.ok(!ofWorktree({ status, operation: anOperation() }).includes("removeWorktree"), status);
    }
  });
});

describe("the menu of a process's row", () => {
  it("offers to stop one that runs, and to open its port", () => {
    assert.deepEqual(ofProcess({}), ["openPort", "restartProcess", "showProcess", "stopProcess"]);
  });

  it("offers to start one that does not", () => {
    assert.deepEqual(ofProcess({ state: "STOPPED", pid: null, isListening: false }), [
      "restartProcess",
      "showProcess",
      "startProcess",
    ]);
  });

  it("offers only the output of a setup command", () => {
    assert.deepEqual(ofProcess({ kind: "setup", port: null, isListening: null }), ["showProcess"]);
  });
});
