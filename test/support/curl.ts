import { spawn } from "node:child_process";
import { once } from "node:events";
import type { TestGateway } from "./gateway.ts";

export interface CurlAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: unknown;
}

/** `curl` as a person types it towards a gateway, to its end. */
export async function curl(gateway: TestGateway, ...args: readonly string[]): Promise<CurlAnswer> {
  const options = ["--silent", "--show-error", "--no-buffer", "--include", "--max-time", "60"];
  const token = ["--header", `Authorization: Bearer ${gateway.endpoint.token}`];
  const child = spawn("curl", [...options, ...token, ...args.map((each) => withUrl(gateway, each))], {
    env: gateway.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const [exitCode] = (await once(child, "close")) as [number | null];
  if (exitCode !== 0) throw new Error(`curl ended with ${exitCode ?? "a signal"}: ${Buffer.concat(stderr).toString()}`);
  return readAnswer(Buffer.concat(stdout).toString("utf8"));
}

/** `curl` with a JSON body. */
export function curlPost(gateway: TestGateway, path: string, body?: unknown): Promise<CurlAnswer> {
  const sent = body === undefined ? [] : ["--json", JSON.stringify(body)];
  return curl(gateway, "--request", "POST", ...sent, path);
}

/** A path is one of the gateway's. */
function withUrl(gateway: TestGateway, argument: string): string {
  return argument.startsWith("/") ? gateway.endpoint.url + argument : argument;
}

function readAnswer(printed: string): CurlAnswer {
  const end = printed.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = printed.slice(0, end).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const text = printed.slice(end + 4);
  const isJson = headers["content-type"]?.includes("json") === true;
  return { status: Number(statusLine.split(" ")[1]), headers, text, json: isJson ? JSON.parse(text) : undefined };
}
