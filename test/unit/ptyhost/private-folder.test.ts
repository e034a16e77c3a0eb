import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensurePrivateFolder } from "../../../src/ptyhost/private-folder.ts";

describe("a private folder", () => {
  let parent = "";
  beforeEach(() => (parent = mkdtempSync(join(tmpdir(), "tally-private-"))));
  afterEach(() => rmSync(parent, { recursive: true }));

  it("is made with mode 700", () => {
    ensurePrivateFolder(join(parent, "sockets"));
    assert.equal(statSync(join(parent, "sockets")).mode & 0o777, 0o700);
  });

  it("may be there already", () => {
    mkdirSync(join(parent, "sockets"), { mode: 0o700 });
    assert.doesNotThrow(() => ensurePrivateFolder(join(parent, "sockets")));
  });

  it("is refused when others can enter it", () => {
    mkdirSync(join(parent, "sockets"));
    chmodSync(join(parent, "sockets"), 0o755);
    assert.throws(() => ensurePrivateFolder(join(parent, "sockets")), /open to others/);
  });

  it("is refused when it is a link, wherever that leads", () => {
    mkdirSync(join(parent, "elsewhere"), { mode: 0o700 });
    symlinkSync(join(parent, "elsewhere"), join(parent, "sockets"));
    assert.throws(() => ensurePrivateFolder(join(parent, "sockets")), /not a folder/);
  });

  it("is refused when it is a file", () => {
    writeFileSync(join(parent, "sockets"), "");
    assert.throws(() => ensurePrivateFolder(join(parent, "sockets")));
  });
});
