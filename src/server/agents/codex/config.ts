import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { AccountRequest } from "../adapter.ts";
import { configuredValue, type Option } from "./arguments.ts";

/** Where Codex keeps its settings and its login. */
export function codexHome(env: Readonly<Record<string, string>>): string {
  return resolve(env["CODEX_HOME"] || join(env["HOME"] || homedir(), ".codex"));
}

/** What Codex is configured to: by its arguments, by the profile that they name, and by `config.toml`, the strongest first. */
export class CodexConfig {
  readonly #options: readonly Option[];
  readonly #profile: string;
  readonly #base: string;

  constructor(options: readonly Option[], { env, readText }: Pick<AccountRequest, "env" | "readText">) {
    const folder = codexHome(env);
    const profile = options.findLast(({ name }) => name === "-p" || name === "--profile")?.value;
    this.#options = options;
    this.#profile = (profile && readText(join(folder, `${profile}.config.toml`))) || "";
    this.#base = readText(join(folder, "config.toml")) ?? "";
  }

  /** A string, or another value as typed. @param table such as `model_providers.x`; null for what stands outside of all. */
  value(key: string, table: string | null = null): string | null {
    const given = configuredValue(this.#options, table === null ? key : `${table}.${key}`);
    return unquoted(given ?? valueIn(this.#profile, table, key) ?? valueIn(this.#base, table, key));
  }

  /** What is so without arguments. */
  usual(key: string): string | null {
    return unquoted(valueIn(this.#base, null, key));
  }
}

const header = /^[ \t]*\[+([^\]\n]+)\]+[^\n]*$/m;

/** Of TOML only `key = value` on one line, below a `[table]` or before the first. */
function valueIn(toml: string, table: string | null, key: string): string | null {
  // The split leaves the root, then each table's name and its lines.
  const [root = "", ...tables] = toml.split(header);
  const at = tables.findIndex((name, index) => index % 2 === 0 && name.replaceAll(/[\s"']/g, "") === table);
  const lines = table === null ? root : at === -1 ? "" : (tables[at + 1] ?? "");
  for (const line of lines.split("\n")) {
    const [, name, value] = assignment.exec(line) ?? [];
    if (name === key && value !== undefined) return value;
  }
  return null;
}

const assignment = /^\s*["']?([\w-]+)["']?\s*=\s*("(?:\\.|[^"\\])*"|'[^']*'|[^#]+)/;

function unquoted(value: string | null): string | null {
  return value === null ? null : value.trim().replace(/^(["'])(.*)\1$/, "$2");
}
