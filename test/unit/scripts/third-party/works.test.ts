import assert from "node:assert/strict";
import { packageFolders } from "../../../../scripts/third-party/works.ts";

/** A build that made these files, each of these. */
const built = (outputs: Readonly<Record<string, readonly string[]>>) => ({
  outputs: Object.fromEntries(
    Object.entries(outputs).map(([output, inputs]) => [
      output,
      { inputs: Object.fromEntries(inputs.map((input) => [input, {}])) },
    ]),
  ),
});

describe("the packages in files of ours", () => {
  it("are those of which a bundle is made", () => {
    const build = built({ "dist/gateway.cjs": ["src/server/main.ts", "node_modules/ws/lib/receiver.js"] });
    assert.deepEqual(packageFolders(["dist/gateway.cjs"], build), ["node_modules/ws"]);
  });

  it("are those that are shipped as they are", () => {
    assert.deepEqual(packageFolders(["bin/tally", "node_modules/node-pty/lib/index.js"], built({})), [
      "node_modules/node-pty",
    ]);
  });

  it("are told by their scope, too", () => {
    const build = built({ "dist/webview/codicon.ttf": ["node_modules/@vscode/codicons/dist/codicon.ttf"] });
    assert.deepEqual(packageFolders(["dist/webview/codicon.ttf"], build), ["node_modules/@vscode/codicons"]);
  });

  it("are those that others have for themselves", () => {
    const build = built({ "dist/gateway.cjs": ["node_modules/dbus/node_modules/xml2js/lib/xml2js.js"] });
    assert.deepEqual(packageFolders(["dist/gateway.cjs"], build), ["node_modules/dbus/node_modules/xml2js"]);
  });

  it("are each there once", () => {
    const build = built({
      "dist/gateway.cjs": ["node_modules/ws/lib/receiver.js", "node_modules/ws/lib/sender.js"],
      "dist/ptyhost.cjs": ["node_modules/ws/lib/receiver.js"],
    });
    assert.deepEqual(packageFolders(["dist/gateway.cjs", "dist/ptyhost.cjs"], build), ["node_modules/ws"]);
  });

  it("are none of a bundle that is not shipped", () => {
    const build = built({ "dist/cli.cjs": [], "dist/test/editor/index.cjs": ["node_modules/mocha/index.js"] });
    assert.deepEqual(packageFolders(["dist/cli.cjs"], build), []);
  });

  it("cannot be told of a bundle that the last build has not made", () => {
    assert.throws(
      () => packageFolders(["dist/old.cjs"], built({})),
      /^Error: dist\/old\.cjs is none of what the last build made/,
    );
  });
});
