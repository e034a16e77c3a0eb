import assert from "node:assert/strict";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { isSystemFolder, workingFolder } from "../../../src/server/sessions/folders.ts";
import { tempFolder } from "../../support/repositories.ts";

describe("system folders", () => {
  for (const path of [
    "/",
    "/etc",
    "/etc/ssl",
    "/bin",
    "/sbin",
    "/boot/grub",
    "/dev/shm",
    "/proc/1",
    "/sys",
    realpathSync("/bin"),
  ]) {
    it(`${path} is one`, () => assert.equal(isSystemFolder(path), true));
  }
  for (const path of ["/usr/src/app", "/var/www", "/opt/app", "/root", "/home/me/etc", "/etcetera", "/srv"]) {
    it(`${path} is none`, () => assert.equal(isSystemFolder(path), false));
  }
});

describe("a working folder", () => {
  it("is refused with its own code when it is missing, a file, or the system's", async () => {
    const folder = await tempFolder();
    await writeFile(join(folder.path, "file"), "");
    await assert.rejects(workingFolder(join(folder.path, "none"), false), { code: "folder-missing" });
    await assert.rejects(workingFolder(join(folder.path, "file"), false), { code: "not-a-folder" });
    await assert.rejects(workingFolder(join(folder.path, "file/below"), false), { code: "not-a-folder" });
    await assert.rejects(workingFolder("/etc", false), { code: "system-folder" });
    await folder.dispose();
  });

  it("is refused with its own code when one may not enter it", async () => {
    const folder = await tempFolder();
    const closed = join(folder.path, "closed");
    await mkdir(join(closed, "inner"), { recursive: true });
    await chmod(closed, 0o000);
    await asSomebodyElse(async () => {
      await assert.rejects(workingFolder(join(closed, "inner"), false), { code: "folder-unreadable" });
      await assert.rejects(workingFolder(closed, false), { code: "folder-unreadable" });
    });
    await chmod(closed, 0o700);
    await folder.dispose();
  });

  it("may be the system's for a command that stands there already", async () => {
    assert.equal(await workingFolder("/etc", true), "/etc");
  });
});

/** Root may enter everything, so the tests that run as root act as nobody for a while. */
async function asSomebodyElse(act: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(65534);
  try {
    await act();
  } finally {
    process.seteuid?.(0);
  }
}
