import { posix } from "node:path";

export interface Shell {
  /** The absolute path of its program; on Windows as PATH finds it. */
  readonly file: string;
  /** Its arguments for running this line. */
  readonly args: (line: string) => string[];
}

const posixShells = ["bash", "zsh", "sh", "dash", "ksh"];

/**
 * An interactive shell gives each command a process group, so that not all of them would hear of an end; and it ignores SIGTERM, so that it
 * would go on with what comes after the command that was ended.
 */
const ENDABLE = "set +m\ntrap 'exit 143' TERM\n";

/**
 * The shell that runs a command of a person's repository: theirs, if it is one that lines are usually written for. `isInteractive`: it reads
 * what they have set up for their terminals, such as a function `workon`.
 */
export function shellFor(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  isInteractive: boolean,
): Shell {
  if (platform === "win32") return { file: commandPrompt(env), args: (line) => ["/d", "/s", "/c", line] };
  const file = env["SHELL"] ?? "";
  const name = posix.isAbsolute(file) ? posix.basename(file) : "";
  // It keeps one process group, and knows neither of the two.
  if (name === "fish") return { file, args: (line) => [...flags(isInteractive), line] };
  return {
    file: posixShells.includes(name) ? file : "/bin/sh",
    args: (line) => [...flags(isInteractive), isInteractive ? ENDABLE + line : line],
  };
}

function flags(isInteractive: boolean): string[] {
  return isInteractive ? ["-i", "-c"] : ["-c"];
}

function commandPrompt(env: Readonly<Record<string, string | undefined>>): string {
  const name = Object.keys(env).find((each) => each.toUpperCase() === "COMSPEC");
  return (name !== undefined && env[name]) || "C:\\Windows\\System32\\cmd.exe";
}

/** What is typed, as it were: the prelude simply comes before the command. */
export function lineOf(prelude: string | null, run: string): string {
  return prelude === null ? run : `${prelude} ${run}`;
}

/**
 * A line after whose last command the shell is still there: it would run that in its own place, and a program such as `touch`, which closes
 * its terminal just before it exits, would be hung up then, and seem to have failed.
 */
export function stayingLine(line: string, { file }: Shell): string {
  if (/\.exe$/i.test(file)) return line;
  return posix.basename(file) === "fish" ? `${line}\nexit $status` : `${line}\n(exit $?)`;
}
