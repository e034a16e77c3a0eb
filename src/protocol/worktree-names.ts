import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { visible } from "./visible.ts";

/** File systems take 255 bytes; the repository's name stands before it, and a time or a number may come after it. */
const MAX_NAME_BYTES = 200;

/** What Windows keeps for devices, in any folder, in any case and with any ending. */
const deviceName = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\.|$)/i;

/** What git refuses in the name of a branch, then what Windows refuses in that of a folder. */
const refusedCharacter = /[~^:?*[\\]|["<>|]/;

/** One of two UTF-16 units without the other: no file system and no terminal can tell it. */
const halfCharacter = /\p{Surrogate}/u;

/** Hexadecimal digits of the length of an object's id: git takes such a word for a commit. */
const commitId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;

/**
 * What is wrong with a name for a worktree, and what to do, for a person; null when it can be one. The name is that of its branch
 * too, and with `-` for `/` that of its folder: so it has to be right for git, and for Linux, macOS and Windows.
 */
export function problemOfWorktreeName(name: string): string | null {
  if (name === "") return "A worktree needs a name. Give it one, such as feature-payment.";
  return problemOfPath(name) ?? problemOfCharacters(name) ?? problemOfWhole(name) ?? problemOfParts(name.split("/"));
}

/** A path where a name is wanted is told as such: its characters are not what is wrong with it. */
function problemOfPath(name: string): string | null {
  if (/^(?:[/\\~]|[A-Za-z]:[/\\])/.test(name)) {
    return `"${shown(name)}" is an absolute path. Give only a name: the settings say where worktrees go.`;
  }
  if (name.split(/[/\\]/).includes("..")) {
    return `"${shown(name)}" leads out of the folder for worktrees. Leave "../" out.`;
  }
  return null;
}

function problemOfCharacters(name: string): string | null {
  if (/\s/.test(name)) return `"${shown(name)}" has a space in it, which a branch cannot have. Use - instead.`;
  if (halfCharacter.test(name) || visible(name) !== name) {
    return `"${shown(name)}" has a character that cannot be seen. Type the name anew.`;
  }
  const refused = refusedCharacter.exec(name)?.[0];
  return refused === undefined ? null : `A name cannot have ${refused} in it. Leave it out, or use - instead.`;
}

function problemOfWhole(name: string): string | null {
  if (name === "HEAD" || name === "@") return `Git keeps the name ${name} for itself. Choose another one.`;
  if (commitId.test(name)) return `"${name}" looks like the id of a commit. Choose another name.`;
  if (name.startsWith("-")) return `"${name}" begins with -, as an option does. Begin it with a letter or a digit.`;
  if (name.includes("..")) return `"${name}" has two dots in a row, which git takes for a range. Use one, or -.`;
  if (name.includes("@{")) return `"${name}" has @{ in it, which git takes for an earlier state. Leave it out.`;
  if (name.includes("//")) return `"${name}" has two slashes in a row. Use one.`;
  if (name.endsWith("/")) return `"${name}" ends with a slash. Leave it out, or name what comes after it.`;
  const bytes = new TextEncoder().encode(name).length;
  if (bytes > MAX_NAME_BYTES) {
    return `The name is ${bytes} bytes long, and a folder's may have ${MAX_NAME_BYTES}. Shorten it.`;
  }
  return null;
}

function problemOfParts(parts: readonly string[]): string | null {
  for (const part of parts) {
    if (part.startsWith(".")) return `"${part}" begins with a dot, which git does not take. Leave the dot out.`;
    if (part.endsWith(".")) return `"${part}" ends with a dot, which Windows does not take. Leave the dot out.`;
    if (/\.lock$/i.test(part)) return `"${part}" ends with .lock, which git keeps for itself. Choose another ending.`;
    if (deviceName.test(part)) {
      return `"${part}" is the name of a device on Windows, so it can not be a folder there. Choose another, such as ${part.replace(/\..*/, "")}-1.`;
    }
  }
  return null;
}

/** What does not show, shown; and not too long for a message. */
function shown(name: string): string {
  return visible(name).replaceAll("\n", "<U+000A>").slice(0, 100);
}

const PLACEHOLDERS = ["{parent}", "{repository}", "{name}"];

export interface WorktreePlace {
  /** The folder that the main checkout is in. */
  readonly parent: string;
  readonly repository: string;
  /** One in which {@link problemOfWorktreeName} finds no problem. */
  readonly name: string;
  /** What `~` stands for. Without it the home folder of whoever runs this. */
  readonly home?: string | undefined;
}

/** Where a worktree goes by the template of the settings: an absolute path. One that is relative begins where the main checkout is. */
export function folderOfWorktree(template: string, { parent, repository, name, home }: WorktreePlace): string {
  const values: Readonly<Record<string, string>> = {
    "{parent}": parent,
    "{repository}": repository,
    "{name}": folderNameOf(name),
  };
  // In one go: a value may have another one's placeholder in it.
  const filled = template.replace(/\{(?:parent|repository|name)\}/g, (placeholder) => values[placeholder] ?? "");
  return /^~(?:[/\\]|$)/.test(filled) ? join(home ?? homedir(), filled.slice(1)) : resolve(parent, filled);
}

/** The name as one part of a path. */
function folderNameOf(name: string): string {
  return name.replaceAll("/", "-");
}

/** What is wrong with a template for {@link folderOfWorktree}, and what to do, for a person; null when it is right. */
export function problemOfWorktreeTemplate(template: string): string | null {
  if (template.includes("\0")) return "The place for worktrees has a character that no path can have. Type it anew.";
  const unknown = template.match(/\{[^{}]*\}/g)?.find((placeholder) => !PLACEHOLDERS.includes(placeholder));
  if (unknown !== undefined) {
    return `The place for worktrees has ${unknown} in it, which stands for nothing. Use ${PLACEHOLDERS.join(", ")}.`;
  }
  if (!template.includes("{name}")) {
    return "The place for worktrees needs {name} in it: without it they would all go to one folder.";
  }
  const parts = template.split(/[/\\]/);
  if (parts.indexOf("{parent}") > 0 || (isAbsolute(template) && template.includes("{parent}"))) {
    return "In the place for worktrees {parent} is a whole path. Put it at the beginning, or leave it out.";
  }
  return null;
}
