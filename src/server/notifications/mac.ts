import type { Desktop } from "./desktop.ts";
import type { DesktopNote } from "./note.ts";
import { runProgram } from "./run-program.ts";

/** The words come as arguments, so that nothing in them is taken for AppleScript; behind a first word, for an option neither. */
const script = `on run {firstWord, title, body}
  display notification body with title title
end run`;

/** macOS's Notification Center, by way of its own `osascript`. A notification cannot be taken back. */
export class MacDesktop implements Desktop {
  async show({ title, body }: DesktopNote): Promise<void> {
    await runProgram("/usr/bin/osascript", ["-e", script, "tally", title, body]);
  }

  withdraw(): Promise<void> {
    return Promise.resolve();
  }
}
