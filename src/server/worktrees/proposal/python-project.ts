import { PORT_BASES } from "../../../protocol/worktree-keys.ts";
import { baseName, filesNamed, folderOf, inFolder, type RepositoryFacts } from "./facts.ts";
import { inWords, type ProposalPart, type ProposedProcess } from "./part.ts";

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
      ...[...folders].map((folder) => inWords(installedBy(folder, facts).file, folder)),
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
  const file = "requirements.txt";
  const environment = virtualEnvironment(folder, facts);
  if (environment === null) return { file, install: `python -m pip install -r ${file}`, python: "python" };
  const python = `${environment}/bin/python`;
  return { file, install: `python3 -m venv ${environment} && ${python} -m pip install -r ${file}`, python };
}

/** One that is there and that git ignores; it names its own place, so each worktree needs its own. */
function virtualEnvironment(folder: string, facts: RepositoryFacts): string | null {
  const isThere = (name: string) => facts.ignored.has(inFolder(folder, name));
  return [".venv", "venv", "env"].find(isThere) ?? null;
}

/** What the nearest folder upwards that says what is installed runs Python with. */
function pythonFor(folder: string, facts: RepositoryFacts): string {
  for (let place = folder, up = ""; ; place = folderOf(place), up += "../") {
    const { file, python } = installedBy(place, facts);
    if (facts.files.has(inFolder(place, file))) return python.includes("/bin/") ? `${up}${python}` : python;
    if (place === "") return "python";
  }
}
