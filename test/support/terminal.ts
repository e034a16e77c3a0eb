import { spawn } from "node-pty";
import { Screen, type Size } from "./screen.ts";

export interface TerminalProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly size?: Size;
}

/** A terminal as a person has one, with a program in it: bare, without Tally between. */
export interface Terminal extends Disposable {
  readonly screen: Screen;
  readonly pid: number;
  readonly exited: Promise<{ exitCode: number; signal: number | undefined }>;
  type(text: string): void;
  resize(size: Size): void;
}

export function openTerminal({ file, args, cwd, env, size = { cols: 100, rows: 30 } }: TerminalProgram): Terminal {
  const screen = new Screen(size);
  const pty = spawn(file, [...args], { cwd, env: { TERM: "xterm-256color", ...env }, ...size, encoding: null });
  let running = true;
  const exited = new Promise<{ exitCode: number; signal: number | undefined }>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      running = false;
      resolve({ exitCode, signal });
    });
  });
  // With `encoding: null` the data are bytes, which node-pty's types do not say.
  pty.onData((data: string | Uint8Array) => screen.write(data));
  screen.onAnswer((answer) => {
    if (running) pty.write(answer);
  });
  return {
    screen,
    pid: pty.pid,
    exited,
    type: (text) => pty.write(text),
    resize: (next) => {
      screen.resize(next);
      pty.resize(next.cols, next.rows);
    },
    [Symbol.dispose]() {
      if (running) pty.kill("SIGKILL");
      screen.dispose();
    },
  };
}
