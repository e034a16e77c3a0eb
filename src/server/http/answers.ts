import type { ServerResponse } from "node:http";
import { PROBLEM_TYPE, type TallyError } from "../../protocol/errors.ts";
import * as z from "zod";

/** Nothing that a page of ours shows may load or run anything. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What every answer says: it is for the caller alone, and is what it says that it is. */
export const answerHeaders = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
} as const;

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  answerText(response, status, "application/json; charset=utf-8", JSON.stringify(body));
}

export function answerPage(response: ServerResponse, status: number, html: string): void {
  response.setHeader("content-security-policy", PAGE_POLICY);
  // The path may hold the token.
  response.setHeader("referrer-policy", "no-referrer");
  answerText(response, status, "text/html; charset=utf-8", html);
}

export function answerProblem(response: ServerResponse, failure: TallyError): void {
  const retryAfter = retryAfterOf(failure);
  if (retryAfter !== null) response.setHeader("retry-after", retryAfter);
  answerText(response, failure.status, PROBLEM_TYPE, JSON.stringify(failure.toProblem()));
}

function answerText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    ...answerHeaders,
    "content-type": type,
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

/** The whole answer to a request for a socket that is refused: there is no response object for one. */
export function refusedUpgrade(failure: TallyError): string {
  const body = JSON.stringify(failure.toProblem());
  const retryAfter = retryAfterOf(failure);
  const headers = {
    ...answerHeaders,
    "content-type": PROBLEM_TYPE,
    "content-length": Buffer.byteLength(body),
    connection: "close",
    ...(retryAfter === null ? {} : { "retry-after": retryAfter }),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${failure.status} ${failure.code}`, ...lines, "", body].join("\r\n");
}

const pausedDetailsSchema = z.object({ resumeAt: z.number() });

/** In seconds; null where trying again would not help, or nobody knows when it would. */
function retryAfterOf({ code, details }: TallyError): string | null {
  if (code === "too-many-requests") return "1";
  const paused = code === "paused" ? pausedDetailsSchema.safeParse(details).data : undefined;
  return paused ? String(Math.max(1, Math.ceil((paused.resumeAt - Date.now()) / 1_000))) : null;
}
