import type { Session } from "../../protocol/entities.ts";
import type { SessionState } from "../../protocol/states.ts";
import type { CliContext } from "../context.ts";
import { parseDuration } from "../duration.ts";
import { exitCodes } from "../exit-codes.ts";
import { print, printJson } from "../screen/print.ts";
import { sessionRow } from "../screen/session-table.ts";
import { stateWords, wordsOf } from "../screen/session-words.ts";
import { surfaceOf } from "../screen/surface.ts";
import { formatTable } from "../screen/table.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import { arrivalOf, parseStates, restingStates } from "../wanted-states.ts";
import { watchSession } from "../watch-session.ts";
import { resolveSession } from "../resolve-session.ts";

const options = { for: { type: "string" }, timeout: { type: "string" }, json: { type: "boolean" } } as const;

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, options, ["id"]);
  const wanted = values.for === undefined ? restingStates : parseStates(values.for);
  const timeoutMs = values.timeout === undefined ? null : readTimeout(values.timeout);
  const { id } = await resolveSession(context.client, operands[0]);
  const end = await waitFor(id, { wanted, timeoutMs, context });
  if (end.kind === "there") {
    printSession(end.session, values.json ?? false, context);
    return exitCodes.ok;
  }
  say(`tally wait: ${whyNot(id, end, wanted)}`);
  return end.kind === "timed-out" ? exitCodes.timedOut : exitCodes.failure;
}

function readTimeout(text: string): number {
  const timeoutMs = parseDuration(text);
  if (timeoutMs !== null) return timeoutMs;
  throw new UsageError(`"${text}" is no duration. Say for example 90s, 5m or 2h.`);
}

/** How the waiting ended, with the session as it then was; null when it has been removed. */
type WaitEnd =
  | { readonly kind: "there"; readonly session: Session }
  | { readonly kind: "never" | "timed-out"; readonly session: Session | null };

interface Wait {
  readonly wanted: readonly SessionState[];
  readonly timeoutMs: number | null;
  readonly context: CliContext;
}

async function waitFor(id: string, { wanted, timeoutMs, context }: Wait): Promise<WaitEnd> {
  let last: Session | null = null;
  let watch: { dispose(): void } | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      if (timeoutMs !== null) timer = setTimeout(() => resolve({ kind: "timed-out", session: last }), timeoutMs);
      watch = watchSession(context, id, {
        onSession(session) {
          last = session;
          const arrival = arrivalOf(session, wanted);
          if (session !== null && arrival === "there") resolve({ kind: "there", session });
          else if (arrival === "never") resolve({ kind: "never", session });
        },
        onFailure: reject,
      });
    });
  } finally {
    clearTimeout(timer);
    watch?.dispose();
  }
}

function printSession(session: Session, json: boolean, { env }: CliContext): void {
  const surface = surfaceOf(process.stdout, env);
  if (json) printJson(session);
  else print(formatTable([sessionRow(session, surface)], surface));
}

function whyNot(id: string, { kind, session }: WaitEnd, wanted: readonly SessionState[]): string {
  const goal = wanted.map((state) => stateWords[state].word).join(" or ");
  if (kind === "timed-out") {
    const now = session === null ? "the gateway did not tell" : `it is ${wordsOf(session).word}`;
    return `${id} was not ${goal} in time; ${now}.`;
  }
  if (session === null) return `${id} was removed before it was ${goal}.`;
  return `${id} ended (${stateWords[session.state].word}) before it was ${goal}.`;
}
