import { exitInWords } from "../exit-words.ts";
import { firstLine } from "../first-line.ts";
import type { HeadlessEnd, HeadlessExit, HeadlessReader, HeadlessReading } from "../headless.ts";
import { readCodexLimit } from "../limit-words/codex.ts";
import { type HeadlessEvent, type HeadlessItem, plainMessage, readHeadlessEvent } from "./headless-events.ts";
import { usageOf } from "./rollout.ts";
import type { LastTurn } from "./rollout-file.ts";

/**
 * Reads what `codex exec --json` prints.
 * @param lastTurnOf asked once the process has ended: only then its rollout is complete.
 */
export function headlessReader(
  timeZone: string,
  lastTurnOf: (conversationId: string) => LastTurn | null,
): HeadlessReader {
  return new Run(timeZone, lastTurnOf);
}

class Run implements HeadlessReader {
  readonly #timeZone: string;
  readonly #lastTurnOf: (conversationId: string) => LastTurn | null;
  /** Items that were told when they began. */
  readonly #begun = new Set<string>();
  #conversationId: string | null = null;
  #hasTurn = false;
  /** It has said or done something. */
  #hasWorked = false;
  #said = "";
  #isComplete = false;
  /** Null: nothing has gone wrong. */
  #failure: string | null = null;

  constructor(timeZone: string, lastTurnOf: (conversationId: string) => LastTurn | null) {
    this.#timeZone = timeZone;
    this.#lastTurnOf = lastTurnOf;
  }

  line(text: string): readonly HeadlessReading[] {
    const event = readHeadlessEvent(text);
    return event ? this.#read(event) : [];
  }

  end(exit: HeadlessExit, at: number): HeadlessEnd {
    const turn = this.#hasTurn && this.#conversationId !== null ? this.#lastTurnOf(this.#conversationId) : null;
    const readings = turn?.readings ?? [];
    if (this.#isComplete) return { outcome: "done", result: this.#said, readings };
    const error = this.#failure ?? exitError(exit);
    const limit = turn?.limit ?? readCodexLimit(error, { now: at, timeZone: this.#timeZone });
    if (limit) return { outcome: "limited", limit, readings };
    return { outcome: "failed", error, mayRetry: !this.#hasWorked && passesByItself.test(error), readings };
  }

  #read(event: HeadlessEvent): readonly HeadlessReading[] {
    switch (event.type) {
      case "thread.started":
        this.#conversationId = event.thread_id;
        return [{ type: "conversation", id: event.thread_id }];
      case "turn.started":
        this.#hasTurn = true;
        return [];
      case "turn.completed":
        this.#isComplete = true;
        return [{ type: "usage", usage: { ...usageOf(event.usage), costUsd: null } }];
      case "turn.failed":
        this.#failure = plainMessage(event.error.message);
        return [];
      case "error":
        if (isNewTry.test(event.message)) return [output("error", firstLine(event.message))];
        // It is told once more with the end of the turn.
        this.#failure = plainMessage(event.message);
        return [];
      case "item.started":
        this.#begun.add(event.item.id);
        return this.#begins(event.item);
      case "item.completed":
        return [...(this.#begun.has(event.item.id) ? [] : this.#begins(event.item)), ...this.#ends(event.item)];
    }
  }

  #begins(item: HeadlessItem): readonly HeadlessReading[] {
    if (item.type === "error") return [];
    this.#hasWorked = true;
    const title = titleOf(item);
    return title === null ? [] : [output("tool", title)];
  }

  #ends(item: HeadlessItem): readonly HeadlessReading[] {
    if (item.type === "agent_message") {
      this.#said = item.text;
      return item.text.trim() === "" ? [] : [output("text", item.text)];
    }
    const error = errorOf(item);
    return error === null ? [] : [output("error", error)];
  }
}

function output(kind: "text" | "tool" | "error", text: string): HeadlessReading {
  return { type: "output", entry: { kind, text } };
}

/** "Bash: npm test"; null for what is said. */
function titleOf(item: Exclude<HeadlessItem, { type: "error" }>): string | null {
  switch (item.type) {
    case "agent_message":
      return null;
    case "command_execution":
      return `Bash: ${firstLine(item.command.replace(shell, "$1"))}`;
    case "file_change":
      return firstLine(item.changes.map(({ kind, path }) => `${changeWords.get(kind) ?? kind}: ${path}`).join(", "));
    case "mcp_tool_call":
      return `${item.server}: ${item.tool}`;
    case "web_search":
      return `Search: ${firstLine(item.query)}`;
    case "collab_tool_call":
      return `${item.tool.replaceAll("_", " ")}${item.prompt ? `: ${firstLine(item.prompt)}` : ""}`;
  }
}

/** The shell that Codex runs a command with says nothing; its quotes are taken off where there are none within. */
const shell = /^\S*\/(?:ba|z|da|)sh -lc '?([^']*)'?$/s;

const changeWords: ReadonlyMap<string, string> = new Map([
  ["add", "Write"],
  ["update", "Edit"],
  ["delete", "Delete"],
]);

function errorOf(item: Exclude<HeadlessItem, { type: "agent_message" }>): string | null {
  switch (item.type) {
    case "error":
      return firstLine(item.message);
    case "command_execution":
      return item.exit_code ? firstLine(`Exit code ${item.exit_code}\n${item.aggregated_output}`) : null;
    case "file_change":
      return item.status === "failed" ? "The change was not made." : null;
    case "mcp_tool_call":
      return item.error ? firstLine(item.error.message) : null;
    case "web_search":
    case "collab_tool_call":
      return null;
  }
}

const isNewTry = /^Reconnecting\.\.\. \d/;

/** Its words for what another try may bring: the server's trouble, not the request's. */
const passesByItself =
  /^(?:unexpected status 5\d\d|We[’']re currently experiencing high demand|Selected model is at capacity|exceeded retry limit, last status: (?:429|5\d\d)|stream disconnected|Connection failed|request timed out|timeout waiting for)/i;

/** What it says on standard error whatever happens. */
const chatter = /^(?:WARNING: proceeding, even though|Reading (?:prompt|additional input) from stdin)/;

function exitError(exit: HeadlessExit): string {
  const lines = exit.stderr.split("\n").filter((line) => !chatter.test(line));
  if (lines.some((line) => line.includes("--skip-git-repo-check was not specified"))) {
    return "Codex works without a terminal only in a git repository. If it may work in this folder all the same, give it the argument --skip-git-repo-check.";
  }
  return exitInWords("Codex", { ...exit, stderr: lines.join("\n") });
}
