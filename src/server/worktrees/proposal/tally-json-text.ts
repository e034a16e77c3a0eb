import { portVariable } from "../../../protocol/worktrees.ts";
import { composePart } from "./compose.ts";
import type { RepositoryFacts } from "./facts.ts";
import { nodePart } from "./node-project.ts";
import { fetchedPart, railsPart, settingsPart } from "./other-projects.ts";
import type { ProposalPart, ProposedProcess } from "./part.ts";
import { pythonPart } from "./python-project.ts";

/** A `tally.json` with what was found in a repository, and only that. */
export function tallyJsonText(facts: RepositoryFacts): { readonly text: string; readonly found: string[] } {
  const parts: ProposalPart[] = [pythonPart, railsPart, nodePart, fetchedPart, composePart, settingsPart].map((part) =>
    part(facts),
  );
  const processes = distinctlyNamed(parts.flatMap((part) => part.processes ?? []));
  const ports = processes.flatMap(({ name, port }) => (port === null ? [] : [[name, port] as const]));
  const content = {
    copy: parts.flatMap(({ copy = [] }) => copy),
    symlink: parts.flatMap(({ symlink = [] }) => symlink),
    ports: Object.fromEntries(ports),
    setup: parts
      .flatMap(({ setup = [] }) => setup)
      .map(({ run, folder }) => (folder === "" ? run : { run, cwd: folder })),
    processes: Object.fromEntries(processes.map((each) => [each.name, written(each)])),
  };
  const filled = Object.entries(content).filter(([, value]) => Object.keys(value).length > 0);
  return {
    text: `${JSON.stringify(Object.fromEntries(filled), null, 2)}\n`,
    found: parts.flatMap(({ found }) => found),
  };
}

function written({ name, folder, run, env, autostart = true }: ProposedProcess): unknown {
  const variable = portVariable(name);
  const line = run(`$${variable}`);
  const more = {
    ...(folder === "" ? {} : { cwd: folder }),
    ...(env ? { env: env(`\${${variable}}`) } : {}),
    ...(autostart ? {} : { autostart }),
  };
  return Object.keys(more).length === 0 ? line : { run: line, ...more };
}

/** Names as the schema wants them; of several the same, the later ones are told apart by their folder, then by a number. */
function distinctlyNamed(processes: readonly ProposedProcess[]): ProposedProcess[] {
  const taken = new Set<string>();
  return processes.map((each) => {
    const wanted = [each.name, each.folder.replaceAll("/", "-")].map(asName);
    const numbered = processes.map((_, index) => `${asName(each.name) || "process"}-${index + 2}`);
    const name =
      [...wanted, ...numbered].find((candidate) => candidate !== "" && !taken.has(portVariable(candidate))) ?? "";
    taken.add(portVariable(name));
    return { ...each, name };
  });
}

function asName(text: string): string {
  return text
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[^A-Za-z]+/, "")
    .slice(0, 36)
    .replace(/-+$/, "");
}
