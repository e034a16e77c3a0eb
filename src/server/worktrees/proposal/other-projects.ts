import { PORT_BASES } from "../../../protocol/worktree-keys.ts";
import { filesNamed, folderOf, inFolder, type RepositoryFacts } from "./facts.ts";
import { inWords, type ProposalPart } from "./part.ts";

const fetched: readonly { readonly file: string; readonly install: string }[] = [
  { file: "Cargo.toml", install: "cargo fetch" },
  { file: "go.mod", install: "go mod download" },
  { file: "Gemfile.lock", install: "bundle install" },
];

/** Rust, Go and Ruby: what they need. */
export function fetchedPart(facts: RepositoryFacts): ProposalPart {
  const all = fetched.flatMap(({ file, install }) =>
    outermost(filesNamed(facts, file).map(folderOf)).map((folder) => ({
      found: inWords(file, folder),
      run: install,
      folder,
    })),
  );
  return { found: all.map(({ found }) => found), setup: all.map(({ run, folder }) => ({ run, folder })) };
}

/** The server of Ruby on Rails. */
export function railsPart(facts: RepositoryFacts): ProposalPart {
  const folders = filesNamed(facts, "rails")
    .filter((path) => path === "bin/rails" || path.endsWith("/bin/rails"))
    .map((path) => folderOf(folderOf(path)));
  return {
    found: folders.map((folder) => inWords("bin/rails", folder)),
    processes: folders.map((folder) => ({
      name: "backend",
      folder,
      port: PORT_BASES["backend"] ?? null,
      run: (port) => `bin/rails server --port ${port}`,
    })),
  };
}

/** Files with settings and secrets that git does not bring along. */
export function settingsPart(facts: RepositoryFacts): ProposalPart {
  if (facts.files.has(".worktreeinclude")) return { found: [".worktreeinclude, which says what is copied"] };
  const files = filesNamed(facts, /^\.env(\..+)?$/).filter((path) => facts.ignored.has(path));
  return { found: files.map((path) => `${path}, which git ignores`), copy: files.map(asPattern) };
}

/** A crate or module inside another one's folder is mostly part of it. */
function outermost(folders: readonly string[]): string[] {
  return folders.filter(
    (folder) => !folders.some((other) => other !== folder && (other === "" || folder.startsWith(inFolder(other, "")))),
  );
}

/** Without a slash, a pattern fits at every depth. Some characters mean something in patterns. */
function asPattern(path: string): string {
  const literal = path.replace(/[\\*?[\]]/g, "\\$&");
  return path.includes("/") ? literal : `/${literal}`;
}
