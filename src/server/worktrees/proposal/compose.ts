import { filesNamed, folderOf, type RepositoryFacts } from "./facts.ts";
import { inWords, type ProposalPart } from "./part.ts";

/** Services of Docker Compose. */
export function composePart(facts: RepositoryFacts): ProposalPart {
  // The first of a folder is the one that Compose takes.
  const all = filesNamed(facts, /^(docker-)?compose\.ya?ml$/);
  const files = all.filter((path, index) => all.findIndex((other) => folderOf(other) === folderOf(path)) === index);
  return {
    found: files.map((path) => describe(path, facts)),
    processes: files.map((path) => {
      const text = facts.texts.get(path) ?? "";
      const folder = folderOf(path);
      // Compose names a project after its folder, which at the root is another one in every worktree.
      const isDistinct = folder === "" && !/^name\s*:/m.test(text);
      return {
        name: "services",
        folder,
        port: null,
        run: () => `docker compose ${isDistinct ? "" : `--project-name ${distinctName(facts.name)} `}up`,
        autostart: publishedPorts(text).length === 0,
      };
    }),
  };
}

function describe(path: string, { texts }: RepositoryFacts): string {
  const ports = publishedPorts(texts.get(path) ?? "");
  const file = inWords(path.slice(path.lastIndexOf("/") + 1), folderOf(path));
  if (ports.length === 0) return file;
  const which = `port${ports.length === 1 ? "" : "s"} ${ports.join(", ")}`;
  return `${file}: it publishes ${which}, which only one worktree can have at a time, so it is not started by itself`;
}

/** Ports of the machine that are written out, `"8080:80"`; those that a variable gives can differ. */
function publishedPorts(text: string): string[] {
  const short = /(?:^\s*-|[[,])\s*["']?(?:[\d.]+:)?(\d+(?:-\d+)?):\d+(?:-\d+)?(?:\/\w+)?["']?\s*(?=#|$|[\],])/gm;
  const long = /^\s*(?:-\s*)?published\s*:\s*["']?(\d+)["']?\s*(?:#.*)?$/gm;
  return [...new Set([...text.matchAll(short), ...text.matchAll(long)].map(([, port]) => port ?? ""))];
}

/** A worktree may be called `Fix/12`, and Compose takes only small letters, digits, `-` and `_`. */
function distinctName(repository: string): string {
  return `${projectName(repository)}-$(echo $TALLY_WORKTREE | tr A-Z a-z | tr -c 'a-z0-9\\n' -)`;
}

function projectName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9_-]/g, "") || "project";
}
