import * as z from "zod";
import { PORT_BASES } from "../../../protocol/worktree-keys.ts";
import { parseJson } from "../../../protocol/json.ts";
import { baseName, filesNamed, folderOf, inFolder, type RepositoryFacts } from "./facts.ts";
import { inWords, type ProposalPart, type ProposedProcess } from "./part.ts";

const words = z.record(z.string(), z.string()).catch({});
const packageSchema = z.object({
  scripts: words,
  dependencies: words,
  devDependencies: words,
  workspaces: z.unknown().optional(),
  packageManager: z.string().catch(""),
});
type Package = z.infer<typeof packageSchema> & { readonly folder: string };

interface Manager {
  readonly lockfile: string;
  readonly install: string;
  /** What comes between the script's name and its own arguments. */
  readonly run: (script: string, args: string) => string;
}

const npmRun = (script: string, args: string) => `npm run ${script}${args === "" ? "" : ` -- ${args}`}`;
const plainRun = (program: string) => (script: string, args: string) => `${program} run ${script} ${args}`.trim();

const managers: readonly Manager[] = [
  { lockfile: "pnpm-lock.yaml", install: "pnpm install --frozen-lockfile", run: plainRun("pnpm") },
  { lockfile: "yarn.lock", install: "yarn install --frozen-lockfile", run: plainRun("yarn") },
  { lockfile: "bun.lock", install: "bun install --frozen-lockfile", run: plainRun("bun") },
  { lockfile: "bun.lockb", install: "bun install --frozen-lockfile", run: plainRun("bun") },
  { lockfile: "package-lock.json", install: "npm ci", run: npmRun },
  { lockfile: "npm-shrinkwrap.json", install: "npm ci", run: npmRun },
];
const npm: Manager = { lockfile: "", install: "npm install", run: npmRun };

/** Development servers that take their port as an argument. */
const servers =
  /(?:^|[\s;&|/])(vite|svelte-kit|astro|next|nuxt|nuxi|ng serve|vue-cli-service serve|webpack(?:-dev-server| serve)|parcel|gatsby develop|remix|rsbuild)(?=$|[\s;&|])/;
/** Those that make files over and over, and those that start the scripts of other packages. */
const withoutPort =
  /(?:^|[\s;&|/])(tsc|tsup|rollup|esbuild|babel|sass|tailwindcss|turbo|nx|lerna|concurrently|npm-run-all|run-p|run-s)(?=$|\s)/;
const OTHER_SERVER_PORT = 3_000;

/** Packages of npm, pnpm, yarn and bun. */
export function nodePart(facts: RepositoryFacts): ProposalPart {
  const packages = filesNamed(facts, "package.json").flatMap((path): Package[] => {
    const { data } = packageSchema.safeParse(parseJson(facts.texts.get(path) ?? ""));
    return data ? [{ ...data, folder: folderOf(path) }] : [];
  });
  const processes = packages.flatMap((each) => processOf(each, facts) ?? []);
  const found = packages.map(({ folder, workspaces }) => {
    const isRoot = workspaces !== undefined || facts.files.has(inFolder(folder, "pnpm-workspace.yaml"));
    return inWords(isRoot ? "package.json with workspaces" : "package.json", folder);
  });
  return {
    found,
    setup: packages.flatMap((each) => installOf(each, facts)),
    symlink: packages
      .filter((each) => sharesModules(each, facts))
      .map(({ folder }) => inFolder(folder, "node_modules")),
    // What the root of a workspace starts are mostly its packages.
    processes:
      processes.length > 1 ? processes.filter(({ folder, port }) => folder !== "" && port !== null) : processes,
  };
}

/** The nearest folder upwards that has a lockfile, and whose it is. */
function lockedBy(
  folder: string,
  { files }: RepositoryFacts,
): { readonly manager: Manager; readonly folder: string } | null {
  for (let place = folder; ; place = folderOf(place)) {
    const manager = managers.find(({ lockfile }) => files.has(inFolder(place, lockfile)));
    if (manager) return { manager, folder: place };
    if (place === "") return null;
  }
}

function installOf(each: Package, facts: RepositoryFacts): { run: string; folder: string }[] {
  const { folder } = each;
  const locked = lockedBy(folder, facts);
  if (locked) return locked.folder === folder ? [{ run: installLine(locked.manager, each, facts), folder }] : [];
  const needsSome = Object.keys({ ...each.dependencies, ...each.devDependencies }).length > 0;
  return needsSome && !sharesModules(each, facts) ? [{ run: npm.install, folder }] : [];
}

/** Yarn 2 and later have another word for it. */
function installLine(
  { lockfile, install }: Manager,
  { folder, packageManager }: Package,
  facts: RepositoryFacts,
): string {
  const isNewYarn = /^yarn@([2-9]|\d\d)/.test(packageManager) || facts.files.has(inFolder(folder, ".yarnrc.yml"));
  return lockfile === "yarn.lock" && isNewYarn ? "yarn install --immutable" : install;
}

/** Without a lockfile nobody knows what would be installed: what is there is shared. */
function sharesModules({ folder }: Package, facts: RepositoryFacts): boolean {
  return lockedBy(folder, facts) === null && facts.folders.has(inFolder(folder, "node_modules"));
}

function processOf({ folder, scripts }: Package, facts: RepositoryFacts): ProposedProcess | null {
  const script = ["dev", "start", "serve"].find((name) => scripts[name] !== undefined);
  if (script === undefined) return null;
  const line = scripts[script] ?? "";
  const manager = lockedBy(folder, facts)?.manager ?? npm;
  const name = folder === "" ? (servers.test(line) ? "frontend" : "app") : baseName(folder);
  if (servers.test(line)) {
    const port = PORT_BASES[name] ?? PORT_BASES["frontend"] ?? null;
    return { name, folder, port, run: (variable) => manager.run(script, `--port ${variable}`) };
  }
  const run = () => manager.run(script, "");
  if (withoutPort.test(line)) return { name, folder, port: null, run };
  // Most others read it from there.
  return { name, folder, port: PORT_BASES[name] ?? OTHER_SERVER_PORT, run, env: (value) => ({ PORT: value }) };
}
