import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PTY_HOST_PROTOCOL, type TerminalSignals } from "../../../src/protocol/ptyhost.ts";
import { startTestPtyHost, type TestPtyHost } from "../../support/ptyhost.ts";
import { until } from "../../support/until.ts";

const recordings = join(import.meta.dirname, "..", "..", "fixtures", "terminal-streams");

describe("what a program says in its terminal", () => {
  let host: TestPtyHost;
  before(async () => (host = await startTestPtyHost()));
  after(() => host.dispose());

  const signalsOf = (ptyId: string): TerminalSignals | undefined => host.control.changed.get(ptyId)?.signals;
  const untilShell = (ptyId: string, state: "prompt" | "command") =>
    until(
      () => signalsOf(ptyId)?.shell?.state === state,
      `a shell's ${state}`,
      undefined,
      () => JSON.stringify(signalsOf(ptyId)),
    );
  const startShell = (file: string, env: Record<string, string> = {}) =>
    host.createShell("", {
      file,
      args: [],
      env: { PATH: process.env["PATH"] ?? "", HOME: host.home.root, PS1: "$ ", ...env },
    });

  it("reaches the gateway: title, progress, notification and bell, and that output has come to rest", async () => {
    const { ptyId } = await host.createShell(
      `printf '\\033]0;A title\\007\\033]9;4;1;40\\007\\033]777;notify;Title;Body\\007\\007'; read line`,
    );
    await until(() => (signalsOf(ptyId)?.restedAt ?? null) !== null, "the rest");
    const { title, progress, notification, bell } = signalsOf(ptyId) ?? {};
    assert.equal(title?.text, "A title");
    assert.deepEqual([progress?.state, progress?.percent], ["normal", 40]);
    assert.deepEqual([notification?.title, notification?.body], ["Title", "Body"]);
    assert.ok(bell);
  });

  it("is known to a gateway that connects later, and after the exit, to the last word", async () => {
    const { ptyId } = await host.createShell(`printf '\\033]0;one\\007\\033]0;last\\007'`);
    await host.control.exited(ptyId);
    const next = await host.connectControl();
    const { ptys } = await next.call("hello", { protocol: PTY_HOST_PROTOCOL });
    assert.equal(ptys.find((pty) => pty.ptyId === ptyId)?.signals.title?.text, "last");
    assert.equal(signalsOf(ptyId)?.title?.text, "last");
    next.close();
  });

  it("reaches viewers byte for byte", async () => {
    const streams = readdirSync(recordings).map((file) => {
      const { output } = JSON.parse(readFileSync(join(recordings, file), "utf8")) as { output: string };
      return Buffer.from(output);
    });
    const hostile = Buffer.from(
      "\x1b]0;a\u202e\x18\x1bPtmux;\x1b\x1b]9;x\x07\x1b\\\u009d2;t\u009c\xff\x1b]52;c;",
      "latin1",
    );
    const written = Buffer.concat([...streams, hostile]);
    writeFileSync(join(host.home.root, "stream"), written);
    const { ptyId } = await host.createShell("stty raw -echo; cat stream", { awaitViewerMs: 10_000 });
    const viewer = await host.attachViewer(ptyId);
    await viewer.untilClosed();
    assert.ok(viewer.bytes.equals(written));
  });

  for (const file of ["/bin/bash", "/bin/sh"]) {
    it(`is for ${file} who has the terminal: the prompt, a silent command, the prompt again`, async () => {
      const { ptyId } = await startShell(file);
      const viewer = await host.attachViewer(ptyId);
      await untilShell(ptyId, "prompt");
      viewer.type("sleep 60\r");
      await untilShell(ptyId, "command");
      viewer.type("\x03");
      await untilShell(ptyId, "prompt");
      viewer.type("exit 3\r");
      assert.equal((await host.control.exited(ptyId)).exitCode, 3);
    });
  }

  it("is no prompt of a shell while a program has the whole screen, and one when it is stopped", async () => {
    const { ptyId } = await startShell("/bin/bash");
    const viewer = await host.attachViewer(ptyId);
    await untilShell(ptyId, "prompt");
    const restedAt = () => signalsOf(ptyId)?.restedAt ?? 0;
    const before = restedAt();
    viewer.type(`sh -c 'printf "\\033[?1049hfull screen"; sleep 60'\r`);
    await untilShell(ptyId, "command");
    await until(() => restedAt() > before, "the rest of its output");
    assert.equal(signalsOf(ptyId)?.shell?.state, "command");
    viewer.type("\x1a");
    await untilShell(ptyId, "prompt");
    await host.control.call("signal", { ptyId, signal: "SIGKILL" });
    await viewer.untilClosed();
  });

  it("is of a shell that marks its prompts the exit code, too", async () => {
    const { ptyId } = await startShell("/bin/bash", {
      PS1: "\\[\\e]133;A\\a\\]$ \\[\\e]133;B\\a\\]",
      PROMPT_COMMAND: `printf '\\033]133;D;%s\\007' $?`,
    });
    const viewer = await host.attachViewer(ptyId);
    await untilShell(ptyId, "prompt");
    viewer.type("(exit 3)\r");
    await until(() => signalsOf(ptyId)?.shell?.exitCode === 3, "the exit code");
    viewer.type("exit\r");
    await viewer.untilClosed();
  });

  it("is nothing about a shell for a program that is none", async () => {
    const { ptyId } = await host.createShell("printf '$ '; read line");
    await until(() => (signalsOf(ptyId)?.restedAt ?? null) !== null, "the rest");
    assert.equal(signalsOf(ptyId)?.shell, null);
  });

  it("can be read off its screen: the visible rows, no scrollback", async () => {
    const { ptyId } = await host.createShell(
      "for n in 1 2 3 4 5 6; do echo $n; done; printf '\\n> prompt'; read line",
      {
        rows: 4,
      },
    );
    await until(() => (signalsOf(ptyId)?.restedAt ?? null) !== null, "the rest");
    assert.equal((await host.control.call("screen", { ptyId })).text, "5\n6\n\n> prompt\n");
  });
});
