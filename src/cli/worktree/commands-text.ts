import type { RepositoryCommands } from "../../protocol/worktree-routes.ts";
import { agentLines } from "../screen/request-text.ts";
import { commandLine } from "../screen/shell-words.ts";
import type { Surface } from "../screen/surface.ts";

/** All that a repository's tally.json would run: what a person must have seen before they approve it. */
export function formatCommands(
  commands: RepositoryCommands,
  { style, width }: Pick<Surface, "style" | "width">,
): string[] {
  const { path, agent, prelude, setup, teardown, processes } = commands;
  const once = (heading: string, list: RepositoryCommands["setup"]) =>
    list.map(({ run, cwd }) => ({ heading, run, more: inFolder(cwd) }));
  const all = [
    ...(prelude === null ? [] : [{ heading: "before each", run: prelude, more: [] }]),
    ...once("setup", setup),
    ...processes.map(({ name, run, cwd, env }) => ({
      heading: `process ${name}`,
      run,
      more: [
        ...inFolder(cwd),
        ...Object.entries(env).map(([variable, value]) => `with ${variable}=${commandLine([value])}`),
      ],
    })),
    ...(agent === null ? [] : [{ heading: "agent", run: agent, more: [] }]),
    ...once("teardown", teardown),
  ];
  const columns = Math.max(0, ...all.map(({ heading }) => heading.length)) + 2;
  const blank = " ".repeat(columns);
  const lines = all.flatMap(({ heading, run, more }) => {
    const [first = "", ...others] = run.split("\n");
    return [heading.padEnd(columns) + first, ...[...others, ...more].map((line) => blank + line)];
  });
  return [
    style("bold", "This repository's tally.json wants to run in its worktrees:"),
    ...lines.flatMap((line) => agentLines(line, width)),
    style("dim", `from ${path}`),
  ];
}

function inFolder(cwd: string): string[] {
  return cwd === "" ? [] : [`in ${cwd}/`];
}
