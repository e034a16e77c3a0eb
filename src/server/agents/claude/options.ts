/** What an option takes after it: `many` takes all up to the next option. */
export type Takes = "nothing" | "one" | "maybe-one" | "many";

/** From `claude --help` of 2.1.329 and 2.1.197, and what their parsers know besides. What is not here takes nothing. */
const valueOptions: Readonly<Record<Exclude<Takes, "nothing">, string>> = {
  one: `--advisor --agent --agent-color --agent-id --agent-name --agent-type --agents --append-subagent-system-prompt
    --append-subagent-system-prompt-file --append-system-prompt --append-system-prompt-file --autocompact --debug-file --effort
    --environment --fallback-model --fast-mode --inherit-permission-mode --input-format --json-schema --managed-settings
    --max-budget-usd --max-thinking-tokens --max-turns --model --output-format --parent-session-id --permission-mode
    --permission-prompt-tool --permission-prompts --plan-mode-instructions --plugin-dir --plugin-dir-no-mcp --plugin-url --prefill
    --prefill-b64 --remote-control-session-name-prefix --resume-session-at --rewind-files --sdk-url --session-id --setting-sources
    --settings --system-prompt --system-prompt-file --system-prompt-snapshot --task-budget --team-name --teammate-mode --thinking
    --thinking-display --workload`,
  "maybe-one": "--cloud --from-pr --prompt-suggestions --rc --remote --remote-control --teleport",
  many: `--add-dir --allowed-tools --allowedTools --betas --channels --dangerously-load-development-channels --disallowed-tools
    --disallowedTools --file --mcp-config --tools`,
};

const shortOptions: readonly (readonly [string, string, Takes])[] = [
  ["-c", "--continue", "nothing"],
  ["-d", "--debug", "maybe-one"],
  ["-d2e", "--debug-to-stderr", "nothing"],
  ["-h", "--help", "nothing"],
  ["-n", "--name", "one"],
  ["-p", "--print", "nothing"],
  ["-r", "--resume", "maybe-one"],
  ["-v", "--version", "nothing"],
  ["-w", "--worktree", "maybe-one"],
];

/** Options by every spelling, with the name that they go by here. */
export const optionKinds: ReadonlyMap<string, { readonly name: string; readonly takes: Takes }> = new Map([
  ...(["one", "maybe-one", "many"] as const).flatMap((takes) =>
    valueOptions[takes].split(/\s+/).map((name) => [name, { name, takes }] as const),
  ),
  ...shortOptions.flatMap(([short, name, takes]) => [
    [short, { name, takes }] as const,
    [name, { name, takes }] as const,
  ]),
  ["--bg", { name: "--background", takes: "nothing" }],
]);

/** Print something and are done, or have the conversation somewhere else than in this process. */
export const takesItElsewhere: ReadonlySet<string> = new Set([
  "--background",
  "--cloud",
  "--desktop",
  "--environment",
  "--help",
  "--init-only",
  "--remote",
  "--teleport",
  "--tmux",
  "--version",
]);

/** Print something, or prepare something, and are done. */
export const asksNoModel: ReadonlySet<string> = new Set(["--help", "--init-only", "--version"]);

/** What chooses a conversation, and a prompt for it. A resumed one finds its worktree again by itself. */
const choosesConversation = `--continue --fork-session --from-pr --prefill --prefill-b64 --resume --resume-session-at --rewind-files
  --session-id --worktree`;
/** What only `--print` has. */
const ofPrint = `--forward-subagent-text --include-hook-events --include-partial-messages --input-format --json-schema
  --max-budget-usd --max-turns --no-session-persistence --output-format --permission-prompt-tool --print --replay-user-messages
  --sdk-url`;

/** Options that have no place when the conversation is resumed in a terminal. */
export const goesWhenResumed: ReadonlySet<string> = new Set(`${choosesConversation} ${ofPrint}`.split(/\s+/));

/** What would make `--print` print something else than Tally reads, or expect another input than a prompt. */
const ofFormat = "--include-partial-messages --input-format --output-format --print --replay-user-messages";

/** Options that have no place in a headless run. */
export const goesWhenHeadless: ReadonlySet<string> = new Set(ofFormat.split(" "));
/** The same, where the run goes on with a conversation. */
export const goesWhenHeadlessResumed: ReadonlySet<string> = new Set(`${choosesConversation} ${ofFormat}`.split(/\s+/));

/** Of both versions, hidden ones and some of older versions included. With `--print` these words are prompts. */
export const subcommands: ReadonlySet<string> = new Set([
  "agents",
  "attach",
  "auth",
  "auto-mode",
  "config",
  "doctor",
  "gateway",
  "import",
  "import-conversations",
  "install",
  "kill",
  "logs",
  "mcp",
  "migrate-installer",
  "plugin",
  "plugins",
  "project",
  "purge",
  "remote-control",
  "respawn",
  "rm",
  "sandbox",
  "setup-token",
  "stop",
  "ultrareview",
  "update",
  "upgrade",
]);

/** Those of them that start conversations, or have one go on. */
export const asksModelSubcommands: ReadonlySet<string> = new Set(["remote-control", "respawn", "ultrareview"]);
