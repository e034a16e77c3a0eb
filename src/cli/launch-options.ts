/** What is said to Tally before the agent: how to launch it. */
export interface LaunchOptions {
  /** What to do while a limit holds the launch. */
  readonly whenHeld: "refuse" | "wait" | "start";
  readonly persona: string | null;
  /** Approves what a persona of the repository wants to run, unasked. */
  readonly trust: boolean;
}

/** Options, and the words that come behind them; or in words for a person what is wrong. */
export type ReadOptions =
  { readonly options: LaunchOptions; readonly rest: readonly string[] } | { readonly problem: string };

const EXCLUSIVE = "--wait and --force exclude each other.";

/** Reads options up to the first word that is none of them: from there on all is the agent's. */
export function readLaunchOptions(words: readonly string[]): ReadOptions {
  let options: LaunchOptions = { whenHeld: "refuse", persona: null, trust: false };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const [name = "", ...value] = word.split("=");
    switch (name === "--persona" ? name : word) {
      case "--wait":
        if (options.whenHeld === "start") return { problem: EXCLUSIVE };
        options = { ...options, whenHeld: "wait" };
        break;
      case "--force":
        if (options.whenHeld === "wait") return { problem: EXCLUSIVE };
        options = { ...options, whenHeld: "start" };
        break;
      case "--trust":
        options = { ...options, trust: true };
        break;
      case "--persona": {
        const persona = word.includes("=") ? value.join("=") : words[++at];
        if (!persona || persona.startsWith("-")) return { problem: "--persona needs a name." };
        options = { ...options, persona };
        break;
      }
      default:
        return { options, rest: words.slice(at) };
    }
  }
  return { options, rest: [] };
}

/** The words that say these options, for a command line to copy. */
export function wordsOfOptions({ whenHeld, persona, trust }: LaunchOptions): string[] {
  return [
    ...(whenHeld === "wait" ? ["--wait"] : []),
    ...(whenHeld === "start" ? ["--force"] : []),
    ...(persona === null ? [] : ["--persona", persona]),
    ...(trust ? ["--trust"] : []),
  ];
}
