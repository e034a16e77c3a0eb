import type { HookLines } from "../agents/adapter.ts";
import { spoolNameStart } from "./spool-names.ts";

export interface HookLinesOptions {
  /** Absolute. */
  readonly spoolFolder: string;
  /** Holds the gateway's process id while it runs: tells an asker whether anybody is there to answer. */
  readonly gatewayPidFile: string;
  readonly sessionId: string;
}

// The scripts below are single lines without a single quote, a backslash or a "!", so that every shell an agent may run its hooks
// with (fish and csh, too) hands them to /bin/sh as they are. `$1` is the spool folder, `$2` the start of the file's name. PPID and
// $$ are right because each shell on the way becomes the next by `exec`.

/** Fails neither on a PATH without the basics, nor on one with stand-ins for them. */
const BASICS_FIRST = "PATH=/usr/bin:/bin:$PATH";

/** Sets `b`, a base name that no file of a hook has. */
const CHOOSE_NAME =
  "n=0; a=$1/$2~$PPID~$$; b=$a; " +
  'while [ -e "$b.json" ] || [ -e "$b.ask" ] || [ -e "$b.ask.reply" ] || [ -e "$b.ask.gone" ]; do n=$((n+1)); b=$a~$n; done';

/** Takes stdin to a file that the gateway does not read yet. Where that fails, the agent still gets rid of all that it writes. */
const TAKE_STDIN = 't=$1/.$2~$PPID~$$.tmp; cat >"$t" || { rm -f "$t"; cat; exit 0; }';

const REPORT = `exec >/dev/null 2>&1; umask 077; ${BASICS_FIRST}; ${TAKE_STDIN}; ${CHOOSE_NAME}; mv -f "$t" "$b.json"; exit 0`;

/** A gateway that crashed is started again by the clients that watch. */
const GATEWAY_MAY_BE_GONE_LOOKS = 15;
const LOOK_EVERY_SECONDS = 0.2;

/**
 * Where no gateway was to begin with, nobody is waited for: some agents show their own dialog only afterwards. What was asked then
 * stays as a report. `$3` is the gateway's file, `$4` how many looks to take at most, or nothing.
 */
const ASK = [
  "exec 3>&1 >/dev/null 2>&1; umask 077",
  BASICS_FIRST,
  'over=; trap "over=1" TERM INT HUP',
  TAKE_STDIN,
  CHOOSE_NAME,
  "q=$b.ask away=0 looks=0",
  '[ -e "$3" ] || { mv -f "$t" "$b.json"; exit 0; }',
  'mv -f "$t" "$q" || { rm -f "$t"; exit 0; }',
  "while :; do " +
    // The question is looked for before the reply: the gateway writes that first, and only then removes the question.
    '[ -e "$q" ] || over=1; [ $PPID = 1 ] || kill -0 $PPID || over=1; ' +
    '[ -z "$4" ] || [ $looks -lt "$4" ] || over=1; looks=$((looks+1)); ' +
    'if [ -e "$q.reply" ]; then cat "$q.reply" >&3; rm -f "$q.reply"; exit 0; fi; ' +
    'if [ "$over" ]; then mv -f "$q" "$q.gone"; exit 0; fi; ' +
    `if read -r p <"$3" && kill -0 "$p"; then away=0; elif [ $away -ge ${GATEWAY_MAY_BE_GONE_LOOKS} ]; then mv -f "$q" "$b.json"; exit 0; else away=$((away+1)); fi; ` +
    `sleep ${LOOK_EVERY_SECONDS} || [ "$over" ] || sleep 1; done`,
].join("; ");

/**
 * `$3` is the person's command. It takes this shell's place, so that its exit code, and what the agent does to it, are its own; and
 * umask, PATH and environment are as the agent gave them. Where the disk is full, what stdin said is still in `tally_p`;
 * where the folder is not there, stdin has not been touched.
 */
const WRAP = [
  'tally_t=$1/.$2~$PPID~$$.tmp; [ -d "$1" ] && [ -w "$1" ] || exec /bin/sh -c "$3"',
  `{ tally_p=$(umask 077; ${BASICS_FIRST}; tee "$tally_t" && echo 0 || echo 1); } 2>/dev/null`,
  'case $tally_p in *0) if [ -r "$tally_t" ]; then exec 3<"$tally_t"; ' +
    `(exec >/dev/null 2>&1; ${BASICS_FIRST}; ${CHOOSE_NAME}; mv -f "$tally_t" "$b.json"); ` +
    'exec /bin/sh -c "$3" <&3 3<&-; fi;; esac',
  `(${BASICS_FIRST}; rm -f "$tally_t") >/dev/null 2>&1`,
  'printf %s "${tally_p%[01]}" | /bin/sh -c "$3"',
].join("; ");

/** The shell lines of one session. Null where there is no POSIX shell. */
export function hookLines({ spoolFolder, gatewayPidFile, sessionId }: HookLinesOptions): HookLines | null {
  if (process.platform === "win32") return null;
  const line = (script: string, channel: string, ...more: readonly string[]) =>
    [
      "exec",
      "/bin/sh",
      "-c",
      ...[script, "tally", spoolFolder, spoolNameStart(sessionId, channel), ...more].map(quote),
    ].join(" ");
  return {
    report: (channel) => line(REPORT, channel),
    ask: (channel, giveUpAfterSeconds) => {
      const looks =
        giveUpAfterSeconds === undefined ? [] : [String(Math.ceil(giveUpAfterSeconds / LOOK_EVERY_SECONDS))];
      return line(ASK, channel, gatewayPidFile, ...looks);
    },
    wrap: (channel, command) => line(WRAP, channel, command),
  };
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
