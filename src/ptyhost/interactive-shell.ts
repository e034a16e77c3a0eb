import { basename } from "node:path";

const shells: ReadonlySet<string> = new Set(["bash", "zsh", "fish", "sh", "dash", "ksh", "pwsh"]);
/** Options whose value is the next argument. */
const optionsWithValue: ReadonlySet<string> = new Set([
  "-o",
  "+o",
  "-O",
  "+O",
  "-C",
  "--rcfile",
  "--init-file",
  "--init-command",
]);

/** Whether a command line starts a shell that a person types commands into: not one that runs a command or a script and ends. */
export function isInteractiveShell(file: string, args: readonly string[]): boolean {
  const name = basename(file).replace(/\.exe$/i, "");
  if (!shells.has(name)) return false;
  return name === "pwsh" ? staysInPowerShell(args) : readsCommands(args);
}

function readsCommands(args: readonly string[]): boolean {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (/^-[A-Za-z]*c|^--command(=|$)/.test(arg)) return false;
    // All that follows are the parameters of what is read from the terminal.
    if (/^-[A-Za-z]*s[A-Za-z]*$/.test(arg)) return true;
    if (arg === "-" || arg === "--") return at === args.length - 1;
    if (!/^[-+]/.test(arg)) return false;
    if (optionsWithValue.has(arg)) at++;
  }
  return true;
}

/** An option that is not known to be harmless may be one that runs a command, by any beginning of its name. */
function staysInPowerShell(args: readonly string[]): boolean {
  if (args.some((arg) => /^--?noexit$/i.test(arg))) return true;
  return args.every((arg) => /^--?(nol(ogo)?|nop(rofile)?|l(ogin)?|i(nteractive)?)$/i.test(arg));
}
