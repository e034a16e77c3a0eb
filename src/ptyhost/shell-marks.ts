import type { TerminalSignals } from "../protocol/ptyhost.ts";

export type ShellState = Omit<NonNullable<TerminalSignals["shell"]>, "at">;

/**
 * What a shell does after the mark in the payload of an OSC 133: `A` before its prompt, `B` after it, `C` before a command's output, `D ; code`
 * when the command has ended. Null for other payloads. The exit code stays until the next command.
 */
export function applyShellMark(payload: string, before: ShellState | null): ShellState | null {
  const [mark = "", exitCode = ""] = payload.split(";", 2);
  switch (mark) {
    case "A":
    case "B":
      return { state: "prompt", exitCode: before?.state === "prompt" ? before.exitCode : null };
    case "C":
      return { state: "command", exitCode: null };
    case "D":
      return { state: "prompt", exitCode: /^-?\d{1,10}$/.test(exitCode) ? Number(exitCode) : null };
    default:
      return null;
  }
}
