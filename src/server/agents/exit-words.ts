import { stripVTControlCharacters } from "node:util";
import type { HeadlessExit } from "./headless.ts";

const MAX_LINES = 3;
const MAX_CHARS = 500;

/** How a program ended that did not say itself how its run went. @param who begins the sentence. */
export function exitInWords(who: string, { exitCode, signal, stderr }: HeadlessExit): string {
  const end = signal === null ? endWithCode(who, exitCode) : `${who} was ended by ${signal}.`;
  const said = lastLines(stderr);
  return said === "" ? end : `${end} Its last words: ${said}`;
}

function endWithCode(who: string, exitCode: number | null): string {
  return exitCode === null
    ? `${who} has gone, and nobody knows how.`
    : `${who} ended with exit code ${exitCode}, and did not say how it went.`;
}

function lastLines(stderr: string): string {
  const lines = stripVTControlCharacters(stderr).split(/\r?\n/);
  const said = lines.filter((line) => line.trim() !== "").map((line) => line.trim());
  return said.slice(-MAX_LINES).join("\n").slice(-MAX_CHARS);
}
