import assert from "node:assert/strict";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Read, Signal } from "../../../src/server/agents/reading.ts";
import { watchFile } from "../../../src/server/signals/watch-file.ts";
import { until } from "../../support/until.ts";

/** Says every value as a model's name, with how many values this reader has seen. */
function sayAll(): Read {
  let count = 0;
  return (value) => [{ type: "model", model: `${(count += 1)}: ${JSON.stringify(value)}` }];
}

describe("Watching a file", () => {
  let root: string;
  let path: string;
  let signals: Signal[];
  let warnings: string[];
  let watched: { dispose(): void }[];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tally-watch-"));
    path = join(root, "state", "of agent", "file");
    mkdirSync(dirname(path), { recursive: true });
    [signals, warnings, watched] = [[], [], []];
  });
  afterEach(() => {
    for (const each of watched) each.dispose();
    rmSync(root, { recursive: true });
  });

  const watch = (format: "json" | "jsonl", reader: () => Read = sayAll) => {
    const each = watchFile({ source: "state-file", path, format, reader }, (signal) => void signals.push(signal), {
      warn: (message) => void warnings.push(message),
    });
    watched.push(each);
    return each;
  };
  const models = () => signals.map(({ reading }) => (reading.type === "model" ? reading.model : reading.type));
  const said = (count: number) =>
    until(
      () => signals.length >= count,
      `${count} signals`,
      10_000,
      () => models().join(),
    );
  const replace = (content: string) => {
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  };

  describe("that is replaced", () => {
    it("reads what is there, and then every change, with one reader", async () => {
      writeFileSync(path, "1");
      watch("json");
      await said(1);
      replace("2");
      await said(2);
      writeFileSync(path, "3");
      await said(3);
      assert.deepEqual(models(), ["1: 1", "2: 2", "3: 3"]);
    });

    it("gives a reading the time when the file was written, unless it has its own", async () => {
      writeFileSync(path, "1");
      utimesSync(path, 1_700_000_000, 1_700_000_000);
      watch("json", () => () => [
        { type: "model", model: "without" },
        { type: "model", model: "with", at: 5 },
      ]);
      await said(2);
      assert.deepEqual(signals, [
        { source: "state-file", at: 1_700_000_000_000, reading: { type: "model", model: "without" } },
        { source: "state-file", at: 5, reading: { type: "model", model: "with" } },
      ]);
    });

    it("says again what was written again: the time is news", async () => {
      writeFileSync(path, "1");
      utimesSync(path, 1_000, 1_000);
      watch("json");
      await said(1);
      replace("1");
      await said(2);
      assert.deepEqual(models(), ["1: 1", "2: 1"]);
    });

    it("waits for the rest of what is half written", async () => {
      writeFileSync(path, '{"status":');
      watch("json");
      appendFileSync(path, '"busy"}');
      await said(1);
      assert.deepEqual(models(), ['1: {"status":"busy"}']);
    });

    it("awaits a file in folders that are not there yet", async () => {
      rmSync(join(root, "state"), { recursive: true });
      watch("json");
      mkdirSync(join(root, "state"));
      mkdirSync(dirname(path));
      replace("1");
      await said(1);
    });

    it("finds it again when its folders were removed and made again", async () => {
      writeFileSync(path, "1");
      watch("json");
      await said(1);
      rmSync(join(root, "state"), { recursive: true });
      mkdirSync(dirname(path), { recursive: true });
      replace("2");
      await said(2);
      assert.deepEqual(models(), ["1: 1", "2: 2"]);
    });
  });

  describe("that grows by lines", () => {
    it("reads it from its start, and then what is added", async () => {
      writeFileSync(path, "1\n2\n");
      watch("jsonl");
      await said(2);
      appendFileSync(path, "3\n4\n");
      await said(4);
      assert.deepEqual(models(), ["1: 1", "2: 2", "3: 3", "4: 4"]);
    });

    it("puts together a line that is written in pieces, in the middle of a letter too", async () => {
      const line = Buffer.from('"日本"\n');
      watch("jsonl");
      for (const byte of line) {
        appendFileSync(path, Buffer.from([byte]));
        await nextTurn();
      }
      await said(1);
      assert.deepEqual(models(), ['1: "日本"']);
    });

    it("leaves out lines that are no JSON, and blank ones", async () => {
      writeFileSync(path, '1\n\n{"half\n2\n');
      watch("jsonl");
      await said(2);
      assert.deepEqual(models(), ["1: 1", "2: 2"]);
    });

    it("leaves out a line of more than 16 MB", async () => {
      writeFileSync(path, `1\n"${"x".repeat(16 * 1024 * 1024)}"\n2\n`);
      watch("jsonl");
      await said(2);
      assert.deepEqual(models(), ["1: 1", "2: 2"]);
    });

    it("starts anew with a new reader when it is replaced", async () => {
      writeFileSync(path, "1\n2\n");
      watch("jsonl");
      await said(2);
      replace("3\n4\n5\n");
      await said(5);
      assert.deepEqual(models().slice(2), ["1: 3", "2: 4", "3: 5"]);
    });

    it("starts anew when it was truncated", async () => {
      writeFileSync(path, "1\n2\n");
      watch("jsonl");
      await said(2);
      truncateSync(path);
      appendFileSync(path, "3\n");
      await said(3);
      assert.deepEqual(models().slice(2), ["1: 3"]);
    });

    it("starts anew when it was written over with something longer", async () => {
      writeFileSync(path, "1\n2\n");
      watch("jsonl");
      await said(2);
      writeFileSync(path, "3\n4\n5\n");
      await said(5);
      assert.deepEqual(models().slice(2), ["1: 3", "2: 4", "3: 5"]);
    });

    it("lets other work through while it reads a long one", async () => {
      const lines = 50_000;
      writeFileSync(path, `"${"x".repeat(500)}"\n`.repeat(lines));
      watch("jsonl");
      let turnsWhileReading = 0;
      while (signals.length < lines) {
        await nextTurn();
        if (signals.length > 0) turnsWhileReading += 1;
      }
      assert.ok(turnsWhileReading > 20, `only ${turnsWhileReading} turns for others`);
    });
  });

  describe("with a reader that throws", () => {
    const throwsOnTwo = () => (value: unknown) => {
      if (value === 2) throw new Error("two");
      return [{ type: "model" as const, model: String(value) }];
    };

    it("goes on with the next value, and logs the first such", async () => {
      writeFileSync(path, "1\n2\n2\n3\n");
      watch("jsonl", throwsOnTwo);
      await said(2);
      assert.deepEqual({ models: models(), warnings: warnings.length }, { models: ["1", "3"], warnings: 1 });
    });

    it("goes on with the next change", async () => {
      writeFileSync(path, "2");
      watch("json", throwsOnTwo);
      await until(() => warnings.length > 0, "the warning");
      replace("3");
      await said(1);
    });
  });

  it("says nothing any more once it is disposed", async () => {
    writeFileSync(path, "1\n2\n");
    const first = watch("jsonl", () => (value) => {
      first.dispose();
      return [{ type: "model", model: `first ${String(value)}` }];
    });
    watch("jsonl");
    await said(2);
    appendFileSync(path, "3\n");
    await said(3);
    assert.deepEqual(models(), ["1: 1", "2: 2", "3: 3"]);
  });
});
