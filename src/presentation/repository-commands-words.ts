import type { RepositoryCommands } from "../protocol/worktree-routes.ts";
import { visible } from "../protocol/visible.ts";

/** All that a repository's tally.json would run, to be read before it is approved. */
export function repositoryCommandsText({
  path,
  agent,
  prelude,
  setup,
  teardown,
  processes,
}: RepositoryCommands): string {
  return [
    `${visible(path)} asks for it:`,
    "",
    ...(agent === null ? [] : ["The agent that it starts:", indented(agent), ""]),
    ...(prelude === null ? [] : ["Before every command:", indented(prelude), ""]),
    ...once("Once, in a new worktree:", setup),
    ...processes.flatMap(({ name, run, cwd, env }) => [
      `As process ${visible(name)}${placeWords(cwd)}:`,
      indented(run),
      ...Object.entries(env).map(([variable, value]) => indented(`with ${variable}=${value}`)),
      "",
    ]),
    ...once("Before a worktree is removed:", teardown),
    "Approve it when you know what every line does. When it changes, you are asked again.",
  ].join("\n");
}

function once(heading: string, commands: RepositoryCommands["setup"]): string[] {
  if (commands.length === 0) return [];
  return [heading, ...commands.map(({ run, cwd }) => indented(`${run}${placeWords(cwd)}`)), ""];
}

function placeWords(cwd: string): string {
  return cwd === "" || cwd === "." ? "" : ` (in ${visible(cwd)})`;
}

/** A line break in it is seen to be one. */
function indented(line: string): string {
  return `    ${visible(line).replaceAll("\n", "\n    ")}`;
}
