import { isJsonObject, type JsonObject } from "./exact-json.ts";

/** Answers to dialogs of trust, which Claude Code gives once for a folder. */
const answers = [
  "hasTrustDialogAccepted",
  "hasClaudeMdExternalIncludesApproved",
  "hasClaudeMdExternalIncludesWarningShown",
] as const;

/** What is allowed there, and which servers of `.mcp.json`. Its own `mcpServers` are configuration, often with secrets: they stay where they are. */
const lists = ["allowedTools", "enabledMcpjsonServers", "disabledMcpjsonServers"] as const;

/** Whether a person has trusted this very folder. */
export function isTrusted(state: JsonObject, folder: string): boolean {
  return entryOf(state, folder)?.["hasTrustDialogAccepted"] === true;
}

/**
 * The state of Claude Code in which the permissions of one folder hold in another one too; what it says already of that one stays.
 * @returns null when nothing has to change.
 */
export function withCarried(state: JsonObject, from: string, to: string): JsonObject | null {
  const source = entryOf(state, from);
  if (source?.["hasTrustDialogAccepted"] !== true) return null;
  const known = entryOf(state, to) ?? {};
  const missing = [
    ...answers.filter((key) => source[key] === true && known[key] !== true),
    ...lists.filter((key) => namesOf(source[key]).length > 0 && namesOf(known[key]).length === 0),
  ];
  if (missing.length === 0) return null;
  return withEntry(state, to, { ...known, ...Object.fromEntries(missing.map((key) => [key, source[key]])) });
}

/**
 * The state without what was carried to a folder that is gone, so that nothing made there later is trusted unasked. What was allowed
 * besides stays, and the entry while there is anything in it.
 * @returns null when nothing has to change.
 */
export function withoutCarried(state: JsonObject, from: string, to: string): JsonObject | null {
  const known = entryOf(state, to);
  if (!known) return null;
  const source = entryOf(state, from) ?? {};
  const carried: string[] = [
    ...answers.filter((key) => known[key] === true),
    ...lists.filter((key) => isPartOf(namesOf(known[key]), namesOf(source[key]))),
  ];
  const rest = Object.entries(known).filter(([key]) => !carried.includes(key));
  if (rest.every(([, value]) => isNothing(value))) return withEntry(state, to, null);
  return carried.length === 0 ? null : withEntry(state, to, Object.fromEntries(rest));
}

function entryOf(state: JsonObject, folder: string): JsonObject | null {
  const { projects } = state;
  if (!isJsonObject(projects) || !Object.hasOwn(projects, folder)) return null;
  const entry = projects[folder];
  return isJsonObject(entry) ? entry : null;
}

function withEntry(state: JsonObject, folder: string, entry: JsonObject | null): JsonObject {
  const projects = isJsonObject(state["projects"]) ? state["projects"] : {};
  const { [folder]: _old, ...others } = projects;
  if (entry === null) return { ...state, projects: others };
  return { ...state, projects: { ...projects, [folder]: entry } };
}

function namesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isPartOf(some: readonly unknown[], all: readonly unknown[]): boolean {
  return some.length > 0 && some.every((each) => all.includes(each));
}

/** Claude Code fills a new entry with what means nothing. */
function isNothing(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0 && !("rawJSON" in value);
  return value === false || value === null;
}
