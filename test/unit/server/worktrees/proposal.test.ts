import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, it } from "mocha";
import { parseTallyJson } from "../../../../src/protocol/tally-json.ts";
import { proposeTallyJson } from "../../../../src/server/worktrees/proposal/propose.ts";
import { tempRepo } from "../../../support/repositories.ts";

/** Files by path; an object is JSON. */
type Files = Readonly<Record<string, string | object>>;

const said = async (line: string, env: Readonly<Record<string, string>>) =>
  (await promisify(execFile)("/bin/sh", ["-c", line], { env: { PATH: process.env["PATH"] ?? "", ...env } })).stdout;

const vite = { scripts: { dev: "vite" }, devDependencies: { vite: "8" } };
const manage = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n';

describe("a tally.json that is proposed", () => {
  let repo: Awaited<ReturnType<typeof tempRepo>>;

  beforeEach(async () => {
    repo = await tempRepo("Shop");
  });
  afterEach(() => repo.dispose());

  const write = async (files: Files) => {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(join(repo.path, dirname(path)), { recursive: true });
      await writeFile(join(repo.path, path), typeof content === "string" ? content : JSON.stringify(content));
    }
  };
  const propose = async (files: Files) => {
    await write(files);
    const { text, found } = await proposeTallyJson(repo.path);
    const parsed = parseTallyJson(text);
    assert.ok("content" in parsed, JSON.stringify(parsed));
    return { content: JSON.parse(text) as Record<string, unknown>, text, found };
  };

  it("for a Django backend and a Svelte frontend brings up both", async () => {
    const { content, found } = await propose({
      ".gitignore": ".env\n*.sqlite3\n",
      "backend/manage.py": manage,
      "backend/requirements.txt": "django\n",
      "backend/db.sqlite3": "",
      "backend/.env": "",
      "frontend/package.json": vite,
      "frontend/package-lock.json": {},
      "frontend/.env": "",
    });
    assert.deepEqual(content, {
      copy: ["backend/.env", "frontend/.env"],
      symlink: ["backend/db.sqlite3"],
      ports: { backend: 8000, frontend: 5000 },
      setup: [
        { run: "python3 -m venv .venv && .venv/bin/python -m pip install -r requirements.txt", cwd: "backend" },
        { run: "npm ci", cwd: "frontend" },
      ],
      processes: {
        backend: { run: ".venv/bin/python manage.py runserver $TALLY_PORT_BACKEND", cwd: "backend" },
        frontend: { run: "npm run dev -- --port $TALLY_PORT_FRONTEND", cwd: "frontend" },
      },
    });
    assert.deepEqual(found, [
      "manage.py in backend/",
      "requirements.txt in backend/: each worktree gets a virtual environment of its own, backend/.venv/, which belongs into .gitignore",
      "db.sqlite3 in backend/",
      "package.json in frontend/",
      "backend/.env, which git ignores",
      "frontend/.env, which git ignores",
    ]);
  });

  const node: readonly [what: string, files: Files, expected: object][] = [
    ["package-lock.json", { "package-lock.json": {} }, { setup: ["npm ci"], line: "npm run dev -- --port" }],
    [
      "pnpm-lock.yaml",
      { "pnpm-lock.yaml": "" },
      { setup: ["pnpm install --frozen-lockfile"], line: "pnpm run dev --port" },
    ],
    ["yarn.lock", { "yarn.lock": "" }, { setup: ["yarn install --frozen-lockfile"], line: "yarn run dev --port" }],
    [
      "yarn.lock of Yarn 4",
      { "yarn.lock": "", ".yarnrc.yml": "" },
      { setup: ["yarn install --immutable"], line: "yarn run dev --port" },
    ],
    ["bun.lock", { "bun.lock": "" }, { setup: ["bun install --frozen-lockfile"], line: "bun run dev --port" }],
    ["no lockfile", {}, { setup: ["npm install"], line: "npm run dev -- --port" }],
  ];
  for (const [what, files, expected] of node) {
    it(`installs and starts a package with ${what}`, async () => {
      const { content } = await propose({ "package.json": vite, ...files });
      const processes = { frontend: `${(expected as { line: string }).line} $TALLY_PORT_FRONTEND` };
      assert.deepEqual([content["setup"], content["processes"]], [(expected as { setup: string[] }).setup, processes]);
    });
  }

  it("shares node_modules where no lockfile says what belongs into them", async () => {
    const { content } = await propose({ "web/package.json": vite, "web/node_modules/vite/package.json": vite });
    assert.deepEqual([content["symlink"], content["setup"]], [["web/node_modules"], undefined]);
  });

  it("installs a workspace once, and starts its packages", async () => {
    const { content, found } = await propose({
      "package.json": { workspaces: ["apps/*"], scripts: { dev: "turbo run dev" } },
      "pnpm-lock.yaml": "",
      "apps/web/package.json": { scripts: { dev: "next dev" } },
      "apps/api/package.json": { scripts: { dev: "node --watch server.js" } },
    });
    assert.deepEqual(content["setup"], ["pnpm install --frozen-lockfile"]);
    assert.deepEqual(content["processes"], {
      api: { run: "pnpm run dev", cwd: "apps/api", env: { PORT: "${TALLY_PORT_API}" } },
      web: { run: "pnpm run dev --port $TALLY_PORT_WEB", cwd: "apps/web" },
    });
    assert.equal(found[0], "package.json with workspaces");
  });

  it("tells processes of one name apart", async () => {
    const { content } = await propose({ "a/web/package.json": vite, "b/web/package.json": vite });
    assert.deepEqual(Object.keys(content["processes"] as object), ["web", "b-web"]);
  });

  const python: readonly [lockfile: string, setup: string, line: string][] = [
    ["uv.lock", "uv sync", "uv run python"],
    ["poetry.lock", "poetry install", "poetry run python"],
    ["Pipfile.lock", "pipenv sync", "pipenv run python"],
  ];
  for (const [lockfile, setup, line] of python) {
    it(`runs Django with what installs from ${lockfile}`, async () => {
      const { content } = await propose({ "manage.py": manage, [lockfile]: "" });
      assert.deepEqual(content["setup"], [setup]);
      assert.deepEqual(content["processes"], { backend: `${line} manage.py runserver $TALLY_PORT_BACKEND` });
    });
  }

  it("says of a virtual environment that git ignores only where it is", async () => {
    const { found } = await propose({ ".gitignore": ".venv/\n", "api/requirements.txt": "" });
    assert.deepEqual(found, [
      "requirements.txt in api/: each worktree gets a virtual environment of its own, api/.venv/",
    ]);
  });

  it("runs Django with the Python that every system has where nothing says what it needs", async () => {
    const { content } = await propose({ "manage.py": manage });
    assert.deepEqual(content["processes"], { backend: "python3 manage.py runserver $TALLY_PORT_BACKEND" });
  });

  it("calls the virtual environment what the main checkout calls its own", async () => {
    const { content } = await propose({
      ".gitignore": "venv/\n",
      "venv/pyvenv.cfg": "",
      "requirements.txt": "",
      "backend/manage.py": manage,
    });
    assert.deepEqual(content["setup"], ["python3 -m venv venv && venv/bin/python -m pip install -r requirements.txt"]);
    assert.deepEqual(content["processes"], {
      backend: { run: "../venv/bin/python manage.py runserver $TALLY_PORT_BACKEND", cwd: "backend" },
    });
  });

  it("fetches what Rust, Go and Ruby need, and starts Rails", async () => {
    const { content } = await propose({
      "Cargo.toml": "",
      "crates/core/Cargo.toml": "",
      "tools/go.mod": "",
      "Gemfile.lock": "",
      "bin/rails": "",
    });
    assert.deepEqual(content, {
      ports: { backend: 8000 },
      setup: ["cargo fetch", { run: "go mod download", cwd: "tools" }, "bundle install"],
      processes: { backend: "bin/rails server --port $TALLY_PORT_BACKEND" },
    });
  });

  it("does not start services whose ports only one worktree can have, and says which", async () => {
    const { content, found } = await propose({
      "docker-compose.yml":
        'services:\n  db:\n    ports:\n      - "5432:5432"\n      - "${WEB:-1}:80"\n      - 127.0.0.1:6379:6379\n',
    });
    assert.deepEqual(content["processes"], { services: { run: "docker compose up", autostart: false } });
    assert.match(found.join(), /docker-compose\.yml: it publishes ports 5432, 6379, which only one worktree/);
  });

  it("sees ports that are written in one line", async () => {
    const { found } = await propose({
      "compose.yaml": "services:\n  db:\n    ports: ['5432:5432', \"127.0.0.1:6379:6379\"]\n",
    });
    assert.match(found.join(), /it publishes ports 5432, 6379,/);
  });

  it("names services after the worktree where Compose would name them all the same, as it allows names", async () => {
    const { content } = await propose({ "deploy/compose.yaml": "services: {}\n" });
    const { run, cwd } = (content["processes"] as { services: { run: string; cwd: string } }).services;
    const name = /^docker compose --project-name (.*) up$/.exec(run)?.[1] ?? "";
    assert.deepEqual([await said(`echo ${name}`, { TALLY_WORKTREE: "Fix/1.2" }), cwd], ["shop-fix-1-2\n", "deploy"]);
  });

  it("copies settings that git ignores, and no others", async () => {
    const { content } = await propose({
      ".gitignore": ".env\n.env.local\n",
      ".env": "",
      ".env.example": "",
      "web/.env.local": "",
    });
    assert.deepEqual(content, { copy: ["/.env", "web/.env.local"] });
  });

  it("leaves copying to .worktreeinclude where there is one", async () => {
    const { content } = await propose({ ".gitignore": ".env\n", ".env": "", ".worktreeinclude": ".env\n" });
    assert.deepEqual(content, {});
  });

  it("looks into nothing that tools made, that others wrote, or that is another repository", async () => {
    const { content, found } = await propose({
      "node_modules/x/package.json": vite,
      "vendor/x/package.json": vite,
      "lib/.git": "gitdir: elsewhere\n",
      "lib/package.json": vite,
      "a/b/c/d/package.json": vite,
    });
    await symlink(join(repo.path, "a"), join(repo.path, "loop"));
    assert.deepEqual([content, found], [{}, []]);
  });

  it("is made of what is broken, too", async () => {
    const { content } = await propose({ "package.json": "{", "web/package.json": { scripts: { dev: 3 } } });
    assert.deepEqual(content, {});
  });

  it("is written by nobody, and says whether there is one", async () => {
    const before = await readdir(repo.path);
    const { path, exists, text } = await proposeTallyJson(repo.path);
    assert.deepEqual([path, exists, text], [join(repo.path, "tally.json"), false, "{}\n"]);
    assert.deepEqual(await readdir(repo.path), before);
    await write({ "tally.json": {} });
    assert.equal((await proposeTallyJson(repo.path)).exists, true);
  });
});
