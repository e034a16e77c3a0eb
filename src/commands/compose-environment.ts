import { agentEnvironment } from "../client/environment.ts";

export interface EnvironmentParts {
  /** The extension host's own environment, which is the login shell's. */
  readonly caller: Readonly<Record<string, string | undefined>>;
  /** The setting `terminal.integrated.env.<os>`: null removes a variable. */
  readonly configured: Readonly<Record<string, string | null>>;
  /** What `${userHome}` and `${workspaceFolder}` stand for in the setting. */
  readonly places: Readonly<Record<"userHome" | "workspaceFolder", string>>;
  readonly editorVersion: string;
}

/** What a program in one of the editor's own terminals would get, so that an agent behaves the same in ours. */
export function composeEnvironment({
  caller,
  configured,
  places,
  editorVersion,
}: EnvironmentParts): Record<string, string> {
  const base = agentEnvironment(caller);
  const removed = new Set(Object.keys(configured).filter((name) => configured[name] === null));
  const added = Object.entries(configured).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, resolveVariables(value, base, places)]],
  );
  const ofTerminal = {
    TERM: "xterm-256color",
    COLORTERM: "truecolor",
    TERM_PROGRAM: "vscode",
    TERM_PROGRAM_VERSION: editorVersion,
  };
  const all = { ...base, ...ofTerminal, ...Object.fromEntries(added) };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !removed.has(name)));
}

/** Resolves `${env:NAME}` and the two places; whatever else is in braces stays as it is written. */
function resolveVariables(
  value: string,
  env: Readonly<Record<string, string>>,
  places: EnvironmentParts["places"],
): string {
  return value.replace(/\$\{(?:env:([^}]*)|(userHome|workspaceFolder))\}/g, (_, name?: string, place?: string) =>
    name === undefined ? places[place as keyof typeof places] : (env[name] ?? ""),
  );
}
