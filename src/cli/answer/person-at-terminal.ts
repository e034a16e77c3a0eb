import { clearScreenDown, createInterface, cursorTo } from "node:readline";
import { say } from "../talk.ts";
import type { Person } from "./ask-person.ts";

export interface PersonAtTerminal extends Person {
  /** Takes the prompt off the terminal, if one stands there. */
  withdraw(): void;
  dispose(): void;
}

/** The person at this process's terminal, who is talked to on stderr. */
export function personAtTerminal(): PersonAtTerminal {
  const lines = createInterface({ input: process.stdin, output: process.stderr, historySize: 0 });
  let isClosed = false;
  let onClose: () => void = () => undefined;
  lines.on("close", () => {
    isClosed = true;
    onClose();
  });
  lines.on("SIGINT", () => {
    lines.close();
    say("");
    // As if this were no prompt: what ran us sees that Ctrl-C ended it.
    process.kill(process.pid, "SIGINT");
  });
  return {
    ask: (prompt) =>
      new Promise((resolve) => {
        if (isClosed) {
          resolve(null);
          return;
        }
        onClose = () => resolve(null);
        lines.question(prompt, resolve);
      }),
    tell: say,
    withdraw() {
      lines.close();
      cursorTo(process.stderr, 0);
      clearScreenDown(process.stderr);
    },
    dispose: () => lines.close(),
  };
}
