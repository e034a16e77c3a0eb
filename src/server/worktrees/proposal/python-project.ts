import { PORT_BASES } from "../../../protocol/worktree-keys.ts";
import { baseName, filesNamed, folderOf, inFolder, type RepositoryFacts, VIRTUAL_ENVIRONMENT } from "./facts.ts";
import { inWords, type ProposalPart, type ProposedProcess } from "./part.ts";

/** Debian, Ubuntu and macOS have no `python`: see PEP 394. */
const PYTHON = "python3";
const REQUIREMENTS = "requirements.txt";

interface Manager {
  readonly lockfile: string;
  readonly install: string;
  readonly python: string;
}

const managers: readonly Manager[] = [
  { lockfile: "uv.lock", install: "uv sync", python: "uv run python" },
  { lockfile: "poetry.lock", install: "poetry install", python: "poetry run python" },
  { lockfile: "pdm.lock", install: "pdm install", python: "pdm run python" },
  { lockfile: "Pipfile.lock", install: "pipenv sync", python: "pipenv run python" },
];

/** Python projects: what they need, and the server of Django. */
export function pythonPart(facts: RepositoryFacts): ProposalPart {
  const servers = filesNamed(facts, "manage.py").filter((path) => /django/i.test(facts.texts.get(path) ?? ""));
  const databases = filesNamed(facts, /\.sqlite3?$/).filter((path) => facts.ignored.has(path));
  const folders = new Set(
    filesNamed(facts, /^(requirements\.txt|uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock)$/).map(folderOf),
  );
  return {
    found: [
      ...servers.map((path) => inWords("manage.py", folderOf(path))),
      ...[...folders].map((folder) => installedFrom(folder, facts)),
      ...databases.map((path) => inWords(baseName(path), folderOf(path))),
    ],
    symlink: databases,
    setup: [...folders].map((folder) => ({ run: installedBy(folder, facts).install, folder })),
    processes: servers.map((path) => djangoServer(folderOf(path), facts)),
  };
}

function djangoServer(folder: string, facts: RepositoryFacts): ProposedProcess {
  const python = pythonFor(folder, facts);
  return {
    name: "backend",
    folder,
    port: PORT_BASES["backend"] ?? null,
    run: (port) => `${python} manage.py runserver ${port}`,
  };
}

function installedBy(
  folder: string,
  facts: RepositoryFacts,
): { readonly file: string; readonly install: string; readonly python: string } {
  const manager = managers.find(({ lockfile }) => facts.files.has(inFolder(folder, lockfile)));
  if (manager) return { file: manager.lockfile, ...manager };
  const environment = virtualEnvironment(folder, facts);
  const python = `${environment}/bin/python`;
  const install = `${PYTHON} -m venv ${environment} && ${python} -m pip install -r ${REQUIREMENTS}`;
  return { file: REQUIREMENTS, install, python };
}

/** A file that says what is installed, and for pip where to. */
function installedFrom(folder: string, facts: RepositoryFacts): string {
  const { file } = installedBy(folder, facts);
  if (file !== REQUIREMENTS) return inWords(file, folder);
  const environment = inFolder(folder, virtualEnvironment(folder, facts));
  const isIgnored = facts.ignored.has(environment) || facts.ignored.has(`${environment}/`);
  const advice = isIgnored ? "" : `, which belongs into .gitignore`;
  return `${inWords(file, folder)}: each worktree gets a virtual environment of its own, ${environment}/${advice}`;
}

/**
 * The one that is there and that git ignores, else the usual name. It names its own place, so each worktree needs its own; and without
 * one pip would install into the system's Python, which most systems refuse (PEP 668).
 */
function virtualEnvironment(folder: string, facts: RepositoryFacts): string {
  const isThere = (name: string) => facts.ignored.has(inFolder(folder, name));
  return ["venv", "env"].find((name) => !isThere(VIRTUAL_ENVIRONMENT) && isThere(name)) ?? VIRTUAL_ENVIRONMENT;
}

/** What the nearest folder upwards that says what is installed runs Python with. */
function pythonFor(folder: string, facts: RepositoryFacts): string {
  for (let place = folder, up = ""; ; place = folderOf(place), up += "../") {
    const { file, python } = installedBy(place, facts);
    if (facts.files.has(inFolder(place, file))) return python.includes("/bin/") ? `${up}${python}` : python;
    if (place === "") return PYTHON;
  }
}
