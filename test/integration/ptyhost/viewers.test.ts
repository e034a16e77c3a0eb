import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import xterm from "@xterm/headless";
import { HIGH_WATER_BYTES } from "../../../src/ptyhost/flow.ts";
import { startTestPtyHost, type TestPtyHost, type TestViewer } from "../../support/ptyhost.ts";
import { until } from "../../support/until.ts";

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** The whole lines that a terminal shows after all that the viewer got. */
async function shownLines(viewer: TestViewer): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: 80, rows: 24, scrollback: 1_000_000, allowProposedApi: true });
  for (const part of viewer.received) {
    if (Buffer.isBuffer(part)) terminal.write(part);
    else if (part.type === "snapshot") terminal.write(part.data);
  }
  await new Promise<void>((resolve) => terminal.write("", resolve));
  const { active } = terminal.buffer;
  const whole = active.baseY + active.cursorY;
  return Array.from({ length: whole }, (_, y) => active.getLine(y)?.translateToString(true) ?? "");
}

describe("viewers of a pty", () => {
  let host: TestPtyHost;
  before(async () => (host = await startTestPtyHost()));
  after(() => host.dispose());

  /** A program that shows the bytes it reads as hexadecimal numbers, after what `prologue` prints. */
  const createHexReader = (prologue = "", overrides = {}) =>
    host.createShell(`stty raw -echo; printf '${prologue}ready'; exec od -An -tx1 -v -w1`, overrides);
  const endSession = async (ptyId: string) => {
    await host.control.call("signal", { ptyId, signal: "SIGKILL" });
    await host.control.exited(ptyId);
  };
  const hexOf = (viewer: TestViewer) =>
    viewer.text
      .replace(/^[^]*ready/, "")
      .replace(/\s+/g, " ")
      .trim();

  describe("attaching", () => {
    it("to a program that has written nothing gives the size, then its bytes as they are", async () => {
      const { ptyId } = await host.createShell("printf '\\033[31mraw\\377bytes'", { awaitViewerMs: 60_000 });
      const viewer = await host.attachViewer(ptyId);
      await viewer.untilClosed();
      assert.deepEqual(
        viewer.messages.map(({ type }) => type),
        ["size", "exit"],
      );
      assert.deepEqual(
        viewer.bytes,
        Buffer.concat([Buffer.from("\x1b[31mraw"), Buffer.of(0xff), Buffer.from("bytes")]),
      );
    });

    it("to one that has exited gives size, snapshot and exit", async () => {
      const { ptyId } = await host.createShell("printf done; exit 3");
      await host.control.exited(ptyId);
      const viewer = await host.attachViewer(ptyId);
      assert.deepEqual(await viewer.untilClosed(), { code: 1000, reason: "exit" });
      assert.deepEqual(
        viewer.messages.map((message) => (message.type === "snapshot" ? message.why : message.type)),
        ["size", "attach", "exit"],
      );
      assert.equal(viewer.message("exit")?.exitCode, 3);
    });

    it("gives back the alternate screen with mouse, paste and keyboard modes", async () => {
      const modes = "\\033[?1049h\\033[>1u\\033[?1002h\\033[?1006h\\033[?2004h\\033[?25l";
      const { ptyId } = await host.createShell(`printf '${modes}\\033[5;5Hmenu'; read line`);
      const first = await host.attachViewer(ptyId);
      await until(async () => /menu/.test((await host.control.call("output", { ptyId, format: "text" })).data), "menu");
      first.close();
      const second = await host.attachViewer(ptyId);
      const { data, why } = await second.untilMessage("snapshot");
      assert.equal(why, "attach");
      for (const sequence of [
        "\x1b[?1049h",
        "\x1b[>1u",
        "\x1b[?1002h",
        "\x1b[?1006h",
        "\x1b[?2004h",
        "\x1b[?25l",
        "menu",
      ]) {
        assert.ok(data.includes(sequence), `the snapshot lacks ${JSON.stringify(sequence)}`);
      }
      second.send({ type: "detach" });
      const { restore } = await second.untilMessage("detached");
      assert.equal(restore, "\x1b[<1u\x1b[?1049l\x1b[?25h\x1b[?2004l\x1b[?1006l\x1b[?1002l");
      assert.equal((await second.untilClosed()).code, 1000);
      await endSession(ptyId);
    });

    it("in the middle of a stream loses and doubles nothing", async () => {
      const { ptyId } = await host.createShell("while :; do i=$((i+1)); echo line $i; done");
      await until(async () => (await host.control.call("output", { ptyId, format: "text" })).data !== "", "output");
      for (let round = 0; round < 5; round++) {
        const viewer = await host.attachViewer(ptyId);
        await until(
          () => viewer.message("snapshot") !== undefined && viewer.bytes.length > 50_000,
          "snapshot and stream",
        );
        viewer.close();
        const numbers = (await shownLines(viewer)).map((line) => Number(/^line (\d+)$/.exec(line)?.[1]));
        const [first = NaN] = numbers;
        assert.ok(numbers.length > 1000);
        assert.deepEqual(
          numbers,
          numbers.map((_, index) => first + index),
        );
      }
      await endSession(ptyId);
    });
  });

  it("get characters whole that the program wrote in pieces", async () => {
    const { ptyId } = await host.createShell(
      "stty -echo; for b in 360 237 231 202 303 251; do printf '\\'$b; read line; done",
      { awaitViewerMs: 60_000 },
    );
    const viewer = await host.attachViewer(ptyId);
    for (let bytes = 1; bytes <= 6; bytes++) {
      await until(() => viewer.bytes.length >= bytes, `byte ${bytes}`);
      viewer.type("\r");
    }
    await viewer.untilClosed();
    assert.equal(viewer.text.replace(/[\r\n]/g, ""), "🙂é");
    const { data } = await host.control.call("output", { ptyId, format: "text" });
    assert.match(data.replace(/\n/g, ""), /🙂é/);
  });

  it("get every byte, however slow a lone one is, and the exit after the last", async () => {
    const file = join(host.home.root, "big");
    const content = Buffer.from(
      Array.from({ length: 90_000 }, (_, n) => `line ${n} 🙂 of a long file, coloured \x1b[3${n % 8}m`).join("\n"),
    );
    writeFileSync(file, content);
    const { ptyId } = await host.createShell(`stty -opost; exec cat ${file}`, { awaitViewerMs: 60_000 });
    const viewer = await host.attachViewer(ptyId, { acks: false });
    let acked = 0;
    await until(
      () => {
        // At each look it handles a part of what came: slow, but not stalled.
        const bytes = Math.min(viewer.receivedBytes - acked, 100_000);
        acked += bytes;
        if (!viewer.closed) viewer.send({ type: "ack", bytes });
        return viewer.closed !== null;
      },
      "the end of the stream",
      30_000,
    );
    assert.equal(viewer.message("snapshot"), undefined);
    assert.equal(viewer.bytes.length, content.length);
    assert.equal(sha256(viewer.bytes), sha256(content));
    assert.equal(viewer.received.at(-1), viewer.message("exit"));
  });

  it("get what a program wrote that exited while it was not read from", async () => {
    const bytes = HIGH_WATER_BYTES + 5000;
    const { ptyId } = await host.createShell(
      `stty -echo; head -c ${bytes} /dev/zero | tr '\\0' x; read line; printf 'last words'`,
      { awaitViewerMs: 60_000 },
    );
    const viewer = await host.attachViewer(ptyId, { acks: false });
    await until(() => viewer.bytes.length > HIGH_WATER_BYTES, "a viewer that is behind");
    viewer.type("\r");
    await viewer.untilMessage("exit");
    assert.equal(viewer.message("snapshot"), undefined);
    assert.equal(viewer.bytes.length, bytes + "last words".length);
  });

  it("that keep up are not held back by one that does not, which is skipped ahead", async () => {
    const { ptyId } = await host.createShell(
      "head -c 20000000 /dev/zero | tr '\\0' 'x' | fold -w 79; echo the end; read line",
      {
        awaitViewerMs: 60_000,
      },
    );
    const stalled = await host.attachViewer(ptyId, { acks: false });
    const keepsUp = await host.attachViewer(ptyId);
    // Not in all 20 MB of the stream each time.
    const hasEnd = () => Buffer.concat(keepsUp.frames.slice(-2)).includes("the end");
    await until(hasEnd, "the end in the stream");
    assert.ok(stalled.receivedBytes < 4_000_000, `the stalled viewer was sent ${stalled.receivedBytes} bytes`);
    assert.ok(!stalled.text.includes("the end"));
    stalled.send({ type: "ack", bytes: stalled.receivedBytes });
    const { data, why } = await stalled.untilMessage("snapshot");
    assert.equal(why, "behind");
    assert.match(data, /the end/);
    keepsUp.type("\r");
    await stalled.untilClosed();
    assert.ok(stalled.message("exit"));
  });

  it("that have stalled alone do not stop the program for good", async () => {
    const { ptyId } = await host.createShell("head -c 5000000 /dev/zero | tr '\\0' 'x' | fold -w 79; exit 5", {
      awaitViewerMs: 60_000,
    });
    await host.attachViewer(ptyId, { acks: false });
    assert.equal((await host.control.exited(ptyId)).exitCode, 5);
  });

  describe("sizes", () => {
    it("are those of the viewer that typed last, then of the one before it", async () => {
      const { ptyId } = await host.createShell("stty -echo; while read line; do stty size; done");
      const first = await host.attachViewer(ptyId, { cols: 100, rows: 30 });
      const second = await host.attachViewer(ptyId, { cols: 60, rows: 20 });
      assert.deepEqual(second.messages[0], { type: "size", cols: 100, rows: 30 });
      second.type("\r");
      await first.untilText("20 60");
      assert.deepEqual(first.message("size"), { type: "size", cols: 60, rows: 20 });
      first.send({ type: "resize", cols: 101, rows: 31 });
      first.type("\r");
      await first.untilText("31 101");
      first.close();
      await until(() => second.message("size")?.cols === 60, "the second viewer's size");
      await endSession(ptyId);
    });

    it("follow the one viewer's resize at once", async () => {
      const { ptyId } = await host.createShell("trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done", {
        awaitViewerMs: 60_000,
      });
      const viewer = await host.attachViewer(ptyId);
      await viewer.untilText("ready");
      viewer.send({ type: "resize", cols: 77, rows: 11 });
      await viewer.untilText("11 77");
      await endSession(ptyId);
    });
  });

  describe("queries of the program", () => {
    const DA1_REPLY = "1b 5b 3f 36 32 63";

    it("are answered by the pty host while nobody is attached", async () => {
      const { ptyId } = await createHexReader("\\033[c");
      await until(
        async () => /63/.test((await host.control.call("output", { ptyId, format: "text" })).data),
        "an answer",
      );
      const { data } = await host.control.call("output", { ptyId, format: "text" });
      assert.match(data.replace(/\s+/g, " "), /1b 5b 3f 31 3b 32 63/);
      await endSession(ptyId);
    });

    it("are answered by the first viewer that can, not by the second and not by the host", async () => {
      const { ptyId } = await createHexReader("\\033[c", { awaitViewerMs: 60_000 });
      const first = await host.attachViewer(ptyId, { answersQueries: true });
      const second = await host.attachViewer(ptyId, { answersQueries: true });
      await first.untilText("ready");
      second.type("\x1b[?1;9c");
      first.type("\x1b[?62c");
      await until(() => hexOf(first).endsWith("63"), "the answer");
      assert.equal(hexOf(first), DA1_REPLY);
      await endSession(ptyId);
    });

    it("are answered by the viewer that typed last", async () => {
      const { ptyId } = await createHexReader("", { awaitViewerMs: 60_000 });
      const first = await host.attachViewer(ptyId, { answersQueries: true });
      const second = await host.attachViewer(ptyId, { answersQueries: true });
      await first.untilText("ready");
      second.type("x");
      await until(() => hexOf(first) === "78", "the key");
      first.type("\x1b[?1;9c");
      second.type("\x1b[?62c");
      await until(() => hexOf(first).endsWith("63"), "the answer");
      assert.equal(hexOf(first), `78 ${DA1_REPLY}`);
      await endSession(ptyId);
    });

    it("of the Program Status Protocol are answered by the host alone", async () => {
      const { ptyId } = await createHexReader("\\033]7501;?\\007", { awaitViewerMs: 60_000 });
      const viewer = await host.attachViewer(ptyId, { answersQueries: true });
      await viewer.untilText("ready");
      viewer.type("\x1b]7501;?\x1b\\");
      viewer.type("z");
      await until(() => hexOf(viewer).includes("7a"), "the key");
      await until(() => hexOf(viewer).includes("5c"), "the answer");
      assert.equal(hexOf(viewer).match(/37 35 30 31/g)?.length, 1);
      await endSession(ptyId);
    });
  });

  describe("whose terminals reply", () => {
    it("do not overtake the host's own answer to what was asked before", async () => {
      // Parsing waits longer under a flood, so the viewer's reply comes first by far.
      const flood = "head -c 200000 /dev/zero | tr '\\0' x";
      const { ptyId } = await host.createShell(
        `stty raw -echo; ${flood}; printf '\\033]7501;?\\007\\033[cready'; exec od -An -tx1 -v -w1`,
        { awaitViewerMs: 60_000 },
      );
      const viewer = await host.attachViewer(ptyId, { answersQueries: true });
      let hasReplied = false;
      viewer.socket.on("message", () => {
        // What the program got from the host may be shown in the same message.
        if (hasReplied || !viewer.text.includes("ready")) return;
        hasReplied = true;
        viewer.type("\x1b[?62c");
      });
      await until(() => hexOf(viewer).includes("63"), "both answers");
      assert.match(hexOf(viewer), /37 35 30 31 .*5c 1b 5b 3f 36 32 63$/);
      await endSession(ptyId);
    });
  });

  it("can continue a program that stopped itself, where no shell is there to do it", async () => {
    const { ptyId } = await host.createShell("echo stopping; kill -STOP $$; echo continued", { awaitViewerMs: 60_000 });
    const viewer = await host.attachViewer(ptyId);
    await viewer.untilText("stopping");
    const { pid } = host.control.changed.get(ptyId) ?? {};
    await until(() => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, "utf8")), "it to be stopped");
    viewer.send({ type: "continue" });
    await viewer.untilText("continued");
  });

  describe("that break the protocol", () => {
    const cases: readonly { name: string; send: (viewer: TestViewer) => void; reason: RegExp }[] = [
      { name: "send no JSON", send: (viewer) => viewer.socket.send("{"), reason: /viewer message/ },
      {
        name: "send an unknown message",
        send: (viewer) => viewer.socket.send('{"type":"dance"}'),
        reason: /viewer message/,
      },
      {
        name: "attach twice",
        send: (viewer) => viewer.send({ type: "attach", cols: 80, rows: 24, answersQueries: false }),
        reason: /already/,
      },
    ];
    for (const { name, send, reason } of cases) {
      it(`are closed with a reason when they ${name}, and nobody else is`, async () => {
        const { ptyId } = await host.createShell("read line; echo got it");
        const good = await host.attachViewer(ptyId);
        const bad = await host.attachViewer(ptyId);
        send(bad);
        const closed = await bad.untilClosed();
        assert.equal(closed.code, 1008);
        assert.match(closed.reason, reason);
        good.type("\r");
        await good.untilClosed();
        assert.ok(good.message("exit"));
      });
    }

    it("may acknowledge more than they got: that heals", async () => {
      const { ptyId } = await host.createShell("read line; echo got it");
      const viewer = await host.attachViewer(ptyId);
      viewer.send({ type: "ack", bytes: 1_000_000_000 });
      viewer.type("\r");
      await viewer.untilClosed();
      assert.match(viewer.text, /got it/);
    });
  });
});
