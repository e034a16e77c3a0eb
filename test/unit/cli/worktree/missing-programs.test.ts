import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { isOnPath, missingPrograms } from "../../../../src/cli/worktree/missing-programs.ts";
import { tallyJsonSchema } from "../../../../src/protocol/tally-json.ts";

describe("the programs that a tally.json needs and nobody finds", () => {
  const missing = (content: object, ...there: string[]) =>
    missingPrograms(tallyJsonSchema.parse(content), (program) => there.includes(program)).map(({ program }) => program);

  it("are those that its lines begin with, each once", () => {
    const content = {
      setup: ["uv sync", { run: "npm ci", cwd: "web" }],
      processes: { backend: "uv run python manage.py runserver" },
    };
    assert.deepEqual(missing(content, "npm"), ["uv"]);
  });

  it("are none of what lies in the worktree, or what only a shell can tell", () => {
    assert.deepEqual(missing({ setup: [".venv/bin/python -V", "$RUN it", "(cd web)"] }), []);
  });

  it("are not known where something comes before each line", () => {
    assert.deepEqual(missing({ prelude: "workon shop &&", setup: ["pip install x"] }), []);
  });
});

describe("a program on the PATH", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tally-path-"));
    await writeFile(join(folder, "run.exe"), "");
    await chmod(join(folder, "run.exe"), 0o755);
    await writeFile(join(folder, "plain"), "", { mode: 0o600 });
    await mkdir(join(folder, "folder"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const found = (program: string, isWindows = false) =>
    isOnPath(program, { PATH: ["/nowhere", folder].join(delimiter), PATHEXT: ".exe" }, isWindows);

  it("is one that can be executed, with the endings of Windows there", () => {
    assert.deepEqual([found("run.exe"), found("run"), found("run", true)], [true, false, true]);
  });

  it("is no folder, and nothing that is not there", () => {
    assert.deepEqual([found("folder"), found("nosuch")], [false, false]);
  });
});
