import assert from "node:assert/strict";
import { namesSystemFolder } from "../../../../src/server/session-api/system-folder-names.ts";

describe("the name of a system folder", () => {
  for (const path of [
    "/",
    "//",
    "/etc",
    "/etc/",
    "/etc///",
    "//etc",
    "/./etc/.",
    "/etc/there/is/none",
    "/home/me/../../etc",
    "/../../etc",
    "/bin",
    "/sbin/",
    "/boot/grub",
    "/dev/shm",
    "/proc/self/cwd",
    "/sys",
    "C:\\",
    "C:\\Windows",
    "c:\\windows\\",
    "C:/Windows/System32",
    "C:\\Users\\..\\Windows",
    "C:\\.\\Windows",
    "C:\\\\Windows",
    "C:\\Windows.",
    "C:\\Windows \\System32",
    "\\\\?\\C:\\Windows",
    "\\\\.\\C:\\Windows",
    "//?/C:/Windows",
    "D:\\Program Files\\Shop",
    "C:\\Program Files (x86)",
    "C:\\ProgramData\\Shop",
  ]) {
    it(`${path} is one`, () => assert.equal(namesSystemFolder(path), true));
  }
  for (const path of [
    "/home/me/etc",
    "/etcetera",
    "/usr/src/app",
    "/var/www",
    "/opt/app",
    "/root",
    "/srv/dev",
    "/home/me/Windows",
    "C:\\Users\\me\\shop",
    "C:\\WindowsApps",
    "D:\\src\\Windows",
  ]) {
    it(`${path} is none`, () => assert.equal(namesSystemFolder(path), false));
  }
});
