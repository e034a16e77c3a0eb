import assert from "node:assert/strict";
import { type Disk, findChat, type Sought } from "../../../../src/server/agents/gemini/chat-files.ts";

const launchedAt = Date.parse("2026-11-21T10:00:30.000Z");
const sought: Sought = {
  geminiFolder: "/home/ada/.gemini",
  cwd: "/home/ada/work",
  launchedAt,
  conversation: "new",
  prompt: null,
};
const folder = "/home/ada/.gemini/tmp/work-1";

function at(seconds: number): string {
  return new Date(launchedAt + seconds * 1000).toISOString();
}

/** A disk with chats that began so many seconds after the launch, by their ids, and what was typed in them. */
function disk(
  chats: Readonly<Record<string, number>>,
  typed: readonly (readonly [string, string, number])[] = [],
): Disk {
  const files = new Map([
    ["/home/ada/.gemini/projects.json", JSON.stringify({ projects: { "/home/ada/work": "work-1" } })],
    [
      `${folder}/logs.json`,
      JSON.stringify(
        typed.map(([sessionId, message, seconds]) => ({ sessionId, message, timestamp: at(seconds), type: "user" })),
      ),
    ],
  ]);
  const names: string[] = [];
  for (const [id, seconds] of Object.entries(chats)) {
    const name = nameOf(id, seconds);
    names.push(name);
    files.set(`${folder}/chats/${name}`, JSON.stringify({ sessionId: id, startTime: at(seconds) }));
  }
  const text = (path: string) => files.get(path) ?? "";
  return { names: (path) => (path === `${folder}/chats` ? ["old.json", ...names] : []), text, firstLine: text };
}

function nameOf(id: string, seconds: number): string {
  return `session-${at(seconds).slice(0, 16).replaceAll(":", "-")}-${id.slice(0, 8)}.jsonl`;
}

function found(chats: Readonly<Record<string, number>>, disk: Disk, more: Partial<Sought> = {}): string | null {
  const path = findChat({ ...sought, ...more }, disk);
  return Object.keys(chats).find((id) => path === `${folder}/chats/${nameOf(id, chats[id] ?? 0)}`) ?? path;
}

describe("the chat file of a launch", () => {
  it("is the first that has begun since, within the same minute too", () => {
    const chats = { "earlier-x": -20, "later-by-a-day": 86_400, "own-chat": 2 };
    assert.equal(found(chats, disk(chats)), "own-chat");
  });

  it("is there only once it has begun", () => {
    const chats = { "earlier-x": -20 };
    assert.equal(found(chats, disk(chats)), null);
    assert.equal(findChat(sought, { names: () => [], text: () => "", firstLine: () => "" }), null);
    assert.equal(findChat({ ...sought, cwd: "/elsewhere" }, disk({ "own-chat": 2 })), null);
  });

  it("is that of the id where one is known, also when another begins the same way", () => {
    const chats = { "12345678-other": -500, "12345678-wanted": -400, "own-chat": 2 };
    assert.equal(found(chats, disk(chats), { conversation: { id: "12345678-wanted" } }), "12345678-wanted");
    assert.equal(found(chats, disk(chats), { conversation: { id: "none" } }), null);
  });

  it("is the one that is typed into where an older one is resumed by its number", () => {
    const chats = { "older-one": -5_000, "old-too": -4_000 };
    assert.equal(found(chats, disk(chats), { conversation: "unknown" }), null);
    const typed = [
      ["old-too", "from before", -4_000],
      ["older-one", "go on", 5],
    ] as const;
    assert.equal(found(chats, disk(chats, typed), { conversation: "unknown" }), "older-one");
  });

  it("is the one that the launch's prompt is repeated in, when the agent has started itself anew", () => {
    const chats = { "own-chat": 2, "other-session": 10, "after-restart": 21 };
    const typed = [
      ["own-chat", "fix it", 3],
      ["other-session", "fix that", 11],
      ["after-restart", "fix it", 22],
    ] as const;
    assert.equal(found(chats, disk(chats, typed), { prompt: "fix it" }), "after-restart");
    assert.equal(found(chats, disk(chats, typed)), "own-chat");
    assert.equal(
      found(chats, disk(chats, [...typed, ["own-chat", "fix it", 30]]), { prompt: "fix it" }),
      "after-restart",
    );
  });

  it("is the next one after /clear, and no other session's", () => {
    const chats = { "own-chat": 2, "other-session": 10, "after-clear": 21, "again-clear": 41 };
    assert.equal(found(chats, disk(chats, [["other-session", "/clear", 12]])), "own-chat");
    assert.equal(found(chats, disk(chats, [["own-chat", "/clear", 20]])), "after-clear");
    const twice = [
      ["own-chat", "/clear", 20],
      ["after-clear", "/clear", 40],
    ] as const;
    assert.equal(found(chats, disk(chats, twice)), "again-clear");
    assert.equal(found({ "own-chat": 2 }, disk({ "own-chat": 2 }, [["own-chat", "/clear", 20]])), "own-chat");
  });
});
