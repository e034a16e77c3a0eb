import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import {
  readSessionsFile,
  type SessionsFileEntry,
  writeSessionsFile,
} from "../../../src/server/worktrees/sessions-file.ts";
import { SEED } from "../../support/fuzz/seed.ts";
import { tempFolder } from "../../support/repositories.ts";

describe("the file .tally-sessions", () => {
  let main: Awaited<ReturnType<typeof tempFolder>>;
  let file: string;
  beforeEach(async () => {
    main = await tempFolder("my shöp 店");
    file = join(main.path, ".tally-sessions");
  });
  afterEach(() => main.dispose());

  const payment: SessionsFileEntry = {
    name: "feature-payment",
    worktree: "/home/me/my shöp 店-feature-payment",
    branch: "feature-payment",
    ports: [
      { name: "backend", port: 8000 },
      { name: "frontend", port: 5000 },
      { name: "my-api", port: 9000 },
    ],
  };

  it("says of each worktree where it is, its branch and its ports", async () => {
    await writeSessionsFile(main.path, [payment], []);
    assert.equal(
      await readFile(file, "utf8"),
      `{
  "feature-payment": {
    "backend_port": 8000,
    "frontend_port": 5000,
    "my-api_port": 9000,
    "worktree": "/home/me/my shöp 店-feature-payment",
    "branch": "feature-payment"
  }
}
`,
    );
    assert.deepEqual(await readdir(main.path), [".tally-sessions"]);
  });

  it("is read as it was written", async () => {
    const plain = { noNullPrototype: true };
    const port = fc.record(
      { name: fc.constantFrom("backend", "a_port", "x"), port: fc.integer({ min: 1, max: 65_535 }) },
      plain,
    );
    const entry = fc.record(
      {
        name: fc.constantFrom("feature/a", "größe", "42", "toString"),
        worktree: fc.string({ minLength: 1 }).map((text) => join("/trees", `x${text.replaceAll(/[/\0]/g, "")}`)),
        branch: fc.option(fc.constantFrom("main", "feature/a")),
        ports: fc.uniqueArray(port, { selector: ({ name }) => name }),
      },
      plain,
    );
    const entries = fc.uniqueArray(entry, { minLength: 1, selector: ({ name }) => name });
    await fc.assert(
      fc.asyncProperty(entries, async (written) => {
        await writeSessionsFile(main.path, written, ["feature/a", "größe", "42", "toString"]);
        const read = await readSessionsFile(main.path);
        const byName = (all: readonly SessionsFileEntry[]) => new Map(all.map((each) => [each.name, each]));
        assert.deepEqual(byName(read.entries), byName(written));
        assert.equal(read.problem, null);
      }),
      { seed: SEED, numRuns: 50 },
    );
  });

  it("keeps what others have written, in its place, and loses what is Tally's no more", async () => {
    const theirs = {
      other: { worktree: "../other", note: [1, { deep: null }] },
      version: 1,
      loose: { backend_port: 1 },
    };
    await writeFile(file, JSON.stringify({ gone: { worktree: "/gone" }, ...theirs }));
    await writeSessionsFile(main.path, [payment], ["gone", "never-written"]);
    const { "feature-payment": ours, ...others } = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
    assert.deepEqual(others, theirs);
    assert.ok(ours);
    await writeSessionsFile(main.path, [], ["feature-payment"]);
    assert.deepEqual(JSON.parse(await readFile(file, "utf8")), theirs);
  });

  it("goes with its last entry, and is not made for none", async () => {
    await writeSessionsFile(main.path, [payment], []);
    await writeSessionsFile(main.path, [], [payment.name]);
    await writeSessionsFile(main.path, [], [payment.name]);
    assert.deepEqual(await readdir(main.path), []);
  });

  it("is not written when nothing has changed", async () => {
    await writeSessionsFile(main.path, [payment], []);
    const { ino } = await stat(file);
    await writeSessionsFile(main.path, [payment], [payment.name]);
    assert.equal((await stat(file)).ino, ino);
  });

  it("is read whoever wrote it: what is no entry is left out", async () => {
    await writeFile(
      file,
      JSON.stringify({
        script: {
          backend_port: "8003",
          frontend_port: 99_999,
          _port: 1,
          port: 2,
          worktree: "../shöp-script",
          branch: 5,
        },
        nowhere: { backend_port: 8004 },
        list: [],
        text: "x",
        "": { worktree: "/x" },
      }),
    );
    assert.deepEqual(await readSessionsFile(main.path), {
      entries: [
        {
          name: "script",
          worktree: join(main.path, "../shöp-script"),
          branch: null,
          ports: [{ name: "backend", port: 8003 }],
        },
      ],
      problem: null,
    });
  });

  it("has no entries where there is none, or an empty one", async () => {
    assert.deepEqual(await readSessionsFile(main.path), { entries: [], problem: null });
    await writeFile(file, "\n");
    assert.deepEqual(await readSessionsFile(main.path), { entries: [], problem: null });
  });

  const wrong: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
    ["no JSON", () => writeFile(file, "{"), /not a JSON object/],
    ["a list", () => writeFile(file, "[]"), /not a JSON object/],
    ["a folder", () => mkdir(file), /not a plain file/],
    ["very long", () => writeFile(file, " ".repeat(2_000_000)), /larger than 1 MB/],
    ["a link", () => symlink("elsewhere", file), /not a plain file/],
  ];
  for (const [what, make, problem] of wrong) {
    it(`is neither read nor replaced when it is ${what}, which is told`, async () => {
      await make();
      const read = await readSessionsFile(main.path);
      assert.deepEqual(read.entries, []);
      assert.match(read.problem ?? "", problem);
      await assert.rejects(writeSessionsFile(main.path, [payment], []), problem);
      await assert.rejects(writeSessionsFile(main.path, [], [payment.name]), problem);
      assert.deepEqual(await readdir(main.path), [".tally-sessions"]);
      await rm(file, { recursive: true });
    });
  }
});
