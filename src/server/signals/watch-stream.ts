import { StringDecoder } from "node:string_decoder";
import { setTimeout as delay } from "node:timers/promises";
import { createParser } from "eventsource-parser";
import { parseJson } from "../../protocol/json.ts";
import type { AnswerCall, WatchedStream } from "../agents/adapter.ts";
import type { Read, Signal } from "../agents/reading.ts";
import type { Log } from "../log.ts";
import { askLoopback, isLoopbackUrl, openLoopback, responseTo } from "./loopback-http.ts";
import { valueReader } from "./read-value.ts";

/** One that is longer ends the connection; the next one asks for what was missed. */
const MAX_EVENT_LENGTH = 4 * 1024 * 1024;
const REQUEST_LIMITS = { timeoutMs: 5_000, maxBytes: 16 * 1024 * 1024 };
/**
 * An agent on a busy machine takes an answer late, and it must not be said that it did not get one which it then goes by. Less than clients wait
 * for the gateway.
 */
const ANSWER_LIMITS = { ...REQUEST_LIMITS, timeoutMs: 15_000 };
/** A server that is only starting may take a request and never answer it, but the next one (opencode does). */
const OPENS_WITHIN_MS = 2_000;
const RECONNECT_AFTER_MS = { first: 100, most: 2_000 };

/**
 * Follows an agent's event stream, which need not be there yet, through every loss of the connection. What was missed meanwhile is
 * asked for on each connection; the reader keeps what it remembers.
 */
export function watchStream(
  stream: WatchedStream,
  emit: (signal: Signal) => void,
  log: Pick<Log, "warn">,
): { dispose(): void } {
  if (!isLoopbackUrl(stream.url)) {
    log.warn("an agent's event stream is not on this machine and is not followed", { url: stream.url });
    return { dispose: () => undefined };
  }
  const disposal = new AbortController();
  const emitWhileWatched = (signal: Signal) => {
    if (!disposal.signal.aborted) emit(signal);
  };
  const readValue = valueReader({ source: stream.source, emit: emitWhileWatched, log, origin: stream.url });
  const read = stream.reader();
  const take = (how: Read, json: string) => {
    const value = parseJson(json);
    if (value !== undefined) readValue(how, value, Date.now());
  };

  const catchUp = async () => {
    for (const { url, read: readAnswer } of stream.catchUp) {
      try {
        const { status, body } = await askLoopback({ url, method: "GET", headers: stream.headers }, REQUEST_LIMITS);
        if (status === 200) take(readAnswer, body);
      } catch {
        // The server went away, or never answers this: the events still tell what comes.
      }
    }
  };

  const keepConnected = async () => {
    let retryAfterMs = RECONNECT_AFTER_MS.first;
    while (!disposal.signal.aborted) {
      try {
        await followOnce(stream, disposal.signal, {
          onOpen: () => void catchUp(),
          onData(data) {
            retryAfterMs = RECONNECT_AFTER_MS.first;
            take(read, data);
          },
        });
      } catch {
        // Not up yet, or gone. Whether the agent lives is not for its server to say.
      }
      await delay(retryAfterMs, undefined, { signal: disposal.signal, ref: false }).catch(() => undefined);
      retryAfterMs = Math.min(retryAfterMs * 2, RECONNECT_AFTER_MS.most);
    }
  };
  void keepConnected();

  return { dispose: () => disposal.abort() };
}

/** One connection, to its end. */
async function followOnce(
  { url, headers }: WatchedStream,
  signal: AbortSignal,
  { onOpen, onData }: { readonly onOpen: () => void; readonly onData: (data: string) => void },
): Promise<void> {
  const opened = openLoopback({ url, method: "GET", headers: { ...headers, accept: "text/event-stream" } });
  const close = () => opened.destroy();
  signal.addEventListener("abort", close);
  const opening = setTimeout(
    () => opened.destroy(new Error(`no answer within ${OPENS_WITHIN_MS} ms`)),
    OPENS_WITHIN_MS,
  );
  try {
    const response = await responseTo(opened);
    clearTimeout(opening);
    const isEventStream = response.headers["content-type"]?.startsWith("text/event-stream") ?? false;
    if (response.statusCode !== 200 || !isEventStream) return;
    onOpen();
    const parser = createParser({ onEvent: ({ data }) => onData(data), maxBufferSize: MAX_EVENT_LENGTH });
    const decoder = new StringDecoder("utf8");
    for await (const chunk of response as AsyncIterable<Buffer>) parser.feed(decoder.write(chunk));
  } finally {
    clearTimeout(opening);
    signal.removeEventListener("abort", close);
    close();
  }
}

/** `refused`: the agent does not ask this any more. `undelivered`: it is not known to have heard the answer. */
export type AnswerOutcome = "taken" | "refused" | "undelivered";

/** Statuses with which a server says that what was named is no longer there. */
const GONE: ReadonlySet<number> = new Set([404, 409, 410]);

/** Brings an answer to an agent. */
export async function callAnswer({ url, headers, body, isTaken }: AnswerCall): Promise<AnswerOutcome> {
  try {
    const response = await askLoopback(
      { url, method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) },
      ANSWER_LIMITS,
    );
    if (isTaken(response.status, response.body)) return "taken";
    return GONE.has(response.status) ? "refused" : "undelivered";
  } catch {
    // Gone, or too slow.
    return "undelivered";
  }
}
