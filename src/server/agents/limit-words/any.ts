import type { ReadingTime } from "../../../protocol/reset-time.ts";
import type { LimitReport } from "../reading.ts";
import { readClaudeLimit } from "./claude.ts";
import { readCodexLimit } from "./codex.ts";
import { readGeminiLimit } from "./gemini.ts";
import { readOpencodeLimit } from "./opencode.ts";

/** For an agent that nobody knows, such as a command that runs one of those we know: the words of all of them. */
export function readAnyLimit(text: string, when: ReadingTime): LimitReport | null {
  return (
    readClaudeLimit(text, when) ??
    readCodexLimit(text, when) ??
    readGeminiLimit(text, when) ??
    readOpencodeLimit(text, when)
  );
}
