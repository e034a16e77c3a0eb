import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod";
import { parseJson } from "../../../protocol/json.ts";

/** What is read of a disk to find a chat file. What cannot be read is not there. */
export interface Disk {
  readonly names: (folder: string) => readonly string[];
  readonly text: (path: string) => string;
  readonly firstLine: (path: string) => string;
}

export interface Sought {
  /** `~/.gemini` */
  readonly geminiFolder: string;
  readonly cwd: string;
  readonly launchedAt: number;
  /** What the launch knows of it: its id; that it is a new one; nothing, when an older one is resumed by its number. */
  readonly conversation: { readonly id: string } | "new" | "unknown";
  /** What it was asked by its arguments. */
  readonly prompt: string | null;
}

/**
 * The file that a conversation is written to: `tmp/<short name of the folder>/chats/session-<UTC minute>-<start of its id>.jsonl`. Null as
 * long as there is none. The first that has begun since a launch is the launch's own. `/clear` goes on with the next one, and so does Gemini
 * CLI when it starts itself anew, after its dialog about trust in a new folder: with the same arguments, so with the same prompt.
 */
export function findChat({ geminiFolder, cwd, launchedAt, conversation, prompt }: Sought, disk: Disk): string | null {
  const name = shortName(disk.text(join(geminiFolder, "projects.json")), cwd);
  if (name === null) return null;
  const folder = join(geminiFolder, "tmp", name);
  const chats = new Chats(join(folder, "chats"), disk);
  const said = readLogs(disk.text(join(folder, "logs.json"))).filter(({ at }) => at >= launchedAt);
  let chat = firstChat();
  for (const { conversationId: id, at, text } of said) {
    if (!chat) break;
    if (clearing.test(text) && chat.conversationId === id) chat = chats.since(at) ?? chat;
    const isRepeated = conversation === "new" && text === prompt && chat.conversationId !== id;
    const repeatedIn = isRepeated ? chats.ofConversation(id) : null;
    if (repeatedIn && repeatedIn.startedAt > chat.startedAt) chat = repeatedIn;
  }
  return chat?.path ?? null;

  function firstChat(): Chat | null {
    if (conversation === "new") return chats.since(launchedAt);
    const id = conversation === "unknown" ? said[0]?.conversationId : conversation.id;
    return id === undefined ? null : chats.ofConversation(id);
  }
}

interface Chat {
  readonly path: string;
  readonly conversationId: string;
  readonly startedAt: number;
}

const nameShape = /^session-(?<day>\d{4}-\d\d-\d\d)T(?<hour>\d\d)-(?<minute>\d\d)-(?<idStart>.{1,8})\.jsonl$/;
const MINUTE_MS = 60_000;
const headSchema = z.looseObject({ sessionId: z.string().min(1), startTime: z.string() });

class Chats {
  readonly #folder: string;
  readonly #disk: Disk;

  constructor(folder: string, disk: Disk) {
    this.#folder = folder;
    this.#disk = disk;
  }

  ofConversation(id: string): Chat | null {
    return this.#read((idStart) => id.startsWith(idStart)).find(({ conversationId }) => conversationId === id) ?? null;
  }

  /** The first one that began at that time or after it. */
  since(at: number): Chat | null {
    return (
      this.#read((_idStart, minuteAt) => minuteAt > at - MINUTE_MS).find(({ startedAt }) => startedAt >= at) ?? null
    );
  }

  /** Oldest first; only files with the right name are opened. */
  #read(isWanted: (idStart: string, minuteAt: number) => boolean): Chat[] {
    const chats = this.#disk.names(this.#folder).flatMap((name) => {
      const { day, hour, minute, idStart = "" } = nameShape.exec(name)?.groups ?? {};
      if (!isWanted(idStart, Date.parse(`${day ?? ""}T${hour ?? ""}:${minute ?? ""}Z`))) return [];
      const path = join(this.#folder, name);
      const head = headSchema.safeParse(parseJson(this.#disk.firstLine(path))).data;
      return head ? [{ path, conversationId: head.sessionId, startedAt: Date.parse(head.startTime) }] : [];
    });
    return chats.sort((one, other) => one.startedAt - other.startedAt);
  }
}

const projectsSchema = z.looseObject({ projects: z.record(z.string(), z.string()) });

function shortName(projects: string, cwd: string): string | null {
  const path = resolve(cwd);
  const { projects: names } = projectsSchema.safeParse(parseJson(projects)).data ?? { projects: {} };
  return names[path] ?? names[path.toLowerCase()] ?? null;
}

const logSchema = z.looseObject({ sessionId: z.string(), message: z.string(), timestamp: z.string() });
const clearing = /^\/clear\b/;

/** All that was typed in this folder, commands too, oldest first. */
function readLogs(text: string) {
  const entries = z.array(z.unknown()).safeParse(parseJson(text)).data ?? [];
  return entries
    .flatMap((entry) => logSchema.safeParse(entry).data ?? [])
    .map(({ sessionId, message, timestamp }) => ({
      conversationId: sessionId,
      at: Date.parse(timestamp),
      text: message,
    }));
}

const HEAD_BYTES = 4_096;

export const realDisk: Disk = {
  names: (folder) => orElse([], () => readdirSync(folder)),
  text: (path) => orElse("", () => readFileSync(path, "utf8")),
  firstLine: (path) =>
    orElse("", () => {
      const file = openSync(path, "r");
      try {
        const head = Buffer.alloc(HEAD_BYTES);
        return head.toString("utf8", 0, readSync(file, head)).split("\n", 1)[0] ?? "";
      } finally {
        closeSync(file);
      }
    }),
};

function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    // Not there yet, or not any more.
    return otherwise;
  }
}
