import assert from "node:assert/strict";
import { isInteractiveShell } from "../../../src/ptyhost/interactive-shell.ts";

describe("an interactive shell", () => {
  const interactive: readonly string[] = [
    "/bin/bash",
    "/usr/bin/zsh -l",
    "/bin/bash --norc --noprofile -i",
    "/bin/bash --rcfile /etc/other",
    "/bin/bash -o vi",
    "/bin/sh -s argument",
    "/bin/dash -",
    "/usr/bin/fish -C welcome",
    "/usr/bin/ksh +o bgnice",
    "/usr/bin/pwsh",
    "/usr/bin/pwsh -NoLogo -NoProfile",
    "/usr/bin/pwsh -NoExit -Command x",
  ];
  for (const line of interactive) {
    it(`is ${line}`, () => {
      const [file = "", ...args] = line.split(" ");
      assert.equal(isInteractiveShell(file, args), true);
    });
  }

  const others: readonly string[] = [
    "/bin/bash -c make",
    "/bin/bash -lc make",
    "/bin/bash script.sh",
    "/bin/bash -e script.sh",
    "/bin/bash -- script.sh",
    "/usr/bin/fish --command=ls",
    "/usr/bin/pwsh script.ps1",
    "/usr/bin/pwsh -File script.ps1",
    "/usr/bin/pwsh -c ls",
    "/usr/bin/vim",
    "/usr/bin/env bash",
  ];
  for (const line of others) {
    it(`is not ${line}`, () => {
      const [file = "", ...args] = line.split(" ");
      assert.equal(isInteractiveShell(file, args), false);
    });
  }
});
