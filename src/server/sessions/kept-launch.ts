import * as z from "zod";
import { sessionSchema } from "../../protocol/entities.ts";
import type { AgentAdapter } from "../agents/adapter.ts";

/** What a relaunch changes of its session. */
const beforeRelaunchSchema = z.object({
  shown: sessionSchema.pick({
    mode: true,
    state: true,
    stateSince: true,
    reason: true,
    request: true,
    conversationId: true,
    continuation: true,
    agentVersion: true,
    accountId: true,
    pid: true,
    exitCode: true,
    exitSignal: true,
    endedAt: true,
    archivedAt: true,
  }),
  internals: z.object({
    ptyId: z.string().nullable(),
    endRequested: z.boolean(),
    processStart: z.string().nullable(),
    tracking: z.string().nullable(),
    launch: z.string().nullable(),
  }),
});
export type BeforeRelaunch = z.infer<typeof beforeRelaunchSchema>;

/** What is kept of a launch so that its session can be launched again, also after a restart of the machine. */
export const keptLaunchSchema = z.object({
  /** As the person, or their persona, gave them. */
  args: z.array(z.string()),
  /** Variables that are no secrets. */
  env: z.record(z.string(), z.string()),
  /** Which program of its terminal runs, or is to run; 0: none was started yet. */
  generation: z.number().int().nonnegative(),
  /** It was held before its start, so it starts as the person wanted it. */
  wasHeld: z.boolean().default(false),
  /** Its program was seen to run: there is a conversation to go on with. */
  hasRun: z.boolean().default(false),
  /** What its agent is to be told once it is ready, where it takes no prompt with its launch. */
  pendingPrompt: z.string().nullable().default(null),
  /** Of one without a terminal: the person's own arguments, without those of a persona, which that gives again. */
  ownArgs: z.array(z.string()).optional(),
  /** Of one without a terminal: it stays when its task ends, until somebody ends it. */
  isKeptOpen: z.boolean().optional(),
  /** What its session was before the relaunch that is under way, for the next gateway when this one dies before that is done. */
  before: beforeRelaunchSchema.optional().catch(undefined),
});
export type KeptLaunch = z.infer<typeof keptLaunchSchema>;

/** What programs need to run at all, or to look as they should. None of it is a secret. */
const usualVariables = new Set(
  [
    "PATH HOME USER LOGNAME SHELL LANG LANGUAGE TERM COLORTERM TZ TMPDIR TEMP TMP EDITOR VISUAL PAGER",
    "SSH_AUTH_SOCK DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS VIRTUAL_ENV CONDA_PREFIX NVM_DIR PYENV_ROOT JAVA_HOME GOPATH",
    "USERPROFILE USERNAME APPDATA LOCALAPPDATA PROGRAMDATA SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT",
    "NODE_EXTRA_CA_CERTS SSL_CERT_FILE NO_COLOR",
  ].flatMap((names) => names.split(" ")),
);
const usualPrefixes = /^(?:LC_|XDG_)/;

/** `https://name:password@host` */
const withPassword = /:\/\/[^/@\s]*:[^/@\s]*@/;

/** The part of an environment that may be kept on disk. */
export function keptEnvironment(
  env: Readonly<Record<string, string>>,
  { keptVariables, configHomeVariable }: Pick<AgentAdapter, "keptVariables" | "configHomeVariable">,
): Record<string, string> {
  const isKept = (name: string, value: string) =>
    !withPassword.test(value) &&
    (usualVariables.has(name.toUpperCase()) ||
      usualPrefixes.test(name) ||
      name === configHomeVariable ||
      keptVariables.includes(name));
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => isKept(name, value)));
}

/** Reads what the store kept; null for a session from before launches were kept. */
export function readKeptLaunch(kept: string | null): KeptLaunch | null {
  return kept === null ? null : (keptLaunchSchema.safeParse(JSON.parse(kept)).data ?? null);
}
