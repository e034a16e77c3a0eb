import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { TallyError } from "../../protocol/errors.ts";
import type { ServerSentEvent } from "../../protocol/routes.ts";
import { answerHeaders } from "./answers.ts";

/** A stream that says nothing for long is taken for dead, by proxies and by clients. */
const HEARTBEAT_MS = 15_000;

export interface EventStreamOptions {
  readonly status: number;
  /** Ends the stream, and the iteration with it. */
  readonly signal: AbortSignal;
  /** What is sent of a value of the iteration. */
  readonly eventOf: (value: unknown) => ServerSentEvent;
  /** What is told of an iteration that failed: the status is sent by then. */
  readonly failureOf: (error: unknown) => TallyError;
  readonly heartbeatMs?: number;
}

/**
 * Answers with server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), each sent as it comes and none
 * asked for before the one before has been taken. Resolves once the stream is over.
 */
export async function answerEvents(
  response: ServerResponse,
  values: AsyncIterable<unknown>,
  { status, signal, eventOf, failureOf, heartbeatMs = HEARTBEAT_MS }: EventStreamOptions,
): Promise<void> {
  const iterator = values[Symbol.asyncIterator]();
  response.writeHead(status, { ...answerHeaders, "content-type": "text/event-stream; charset=utf-8" });
  response.flushHeaders();
  const heartbeat = setInterval(() => {
    // Where bytes wait to be taken, more of them prove nothing.
    if (response.writableLength === 0) response.write(":\n\n");
  }, heartbeatMs);
  try {
    for (;;) {
      const next = await nextUnlessOver(iterator, signal);
      if (next.done === true) break;
      if (!response.write(eventText(eventOf(next.value)))) await once(response, "drain", { signal });
    }
  } catch (error) {
    if (!signal.aborted) response.write(eventText({ event: "error", data: failureOf(error).toProblem() }));
  } finally {
    clearInterval(heartbeat);
    // Not waited for: a generator returns only once what it awaits has come.
    iterator.return?.().catch(failureOf);
    response.end();
  }
}

/** The next value, or the end once `signal` fires, although the iterator may still be busy with it. */
function nextUnlessOver(iterator: AsyncIterator<unknown>, signal: AbortSignal): Promise<IteratorResult<unknown>> {
  return new Promise((resolve, reject) => {
    const end = () => resolve({ done: true, value: undefined });
    if (signal.aborted) {
      end();
      return;
    }
    signal.addEventListener("abort", end, { once: true });
    iterator
      .next()
      .finally(() => signal.removeEventListener("abort", end))
      .then(resolve, reject);
  });
}

function eventText({ event, data }: ServerSentEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
