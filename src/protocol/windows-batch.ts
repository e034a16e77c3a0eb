/**
 * A batch file (`claude.cmd`) can be run by the command processor only, which has its own ideas about quotes. Node refuses to
 * do it unasked since CVE-2024-27980.
 */
export function throughCommandProcessor(file: string, args: readonly string[]): { command: string; line: string } {
  const words = [file, ...args].map((word) => quoteForCommandProcessor(word));
  return { command: process.env["ComSpec"] ?? "cmd.exe", line: `/d /s /c "${words.join(" ")}"` };
}

/**
 * Quotes for the C runtime (backslashes before a quote are doubled), then escapes what the command processor would interpret:
 * twice, because the batch file passes `%*` through it once more.
 */
export function quoteForCommandProcessor(word: string): string {
  const quoted = `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
  const escape = (text: string) => text.replace(/[()%!^"<>&|;, *?]/g, "^$&");
  return escape(escape(quoted));
}
