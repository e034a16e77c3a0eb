import { randomInt } from "node:crypto";

const base36 = "0123456789abcdefghijklmnopqrstuvwxyz";
/** Without 0, 1, i, l, o and u: read aloud and typed by people, who give a prefix of it. */
const sessionAlphabet = "23456789abcdefghjkmnpqrstvwxyz";

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

export function newSessionId(): string {
  return randomText(sessionAlphabet, 10);
}

export function newPauseId(): string {
  return randomText(sessionAlphabet, 8);
}

const PROCESS_PREFIX = "process-";

/** Also the id of its pty. */
export function newProcessId(): string {
  return PROCESS_PREFIX + randomText(sessionAlphabet, 10);
}

/** Whether a pty is that of a process: those of sessions have another form. */
export function isProcessId(ptyId: string): boolean {
  return ptyId.startsWith(PROCESS_PREFIX);
}

/** `<agent>-<epoch ms>-<9 base36>`, the form that existing wrappers know. */
export function newTaskId(agent: string, nowMs: number): string {
  return `${agent}-${nowMs}-${randomText(base36, 9)}`;
}
