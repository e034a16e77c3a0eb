import assert from "node:assert/strict";
import * as vscode from "vscode";

describe("the extension", () => {
  it("activates by itself once the editor has started", async () => {
    const extension = vscode.extensions.getExtension("tally.tally");
    assert.ok(extension, "tally.tally is not installed");
    await extension.activate();
    assert.ok(extension.isActive);
  });
});
