import type { IncomingMessage } from "node:http";
import { writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { ensureGateway } from "../../client/ensure-gateway.ts";
import { rawRequest, type RawRequest } from "../../client/raw-request.ts";
import { TallyError, problemSchema } from "../../protocol/errors.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { print, printJson } from "../screen/print.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import type { RunCommand } from "../command-table.ts";

const methods = ["GET", "POST", "PATCH", "DELETE"];

export const run: RunCommand = async ([word, ...rest], context) => {
  if (word === undefined) throw new UsageError("It needs a method and a path, or one of its words.");
  if (word === "openapi") return showDocument(rest, context);
  if (word === "docs") return writeDocs(rest, context);
  return call([word, ...rest], context);
};

async function showDocument(args: readonly string[], { client }: CliContext): Promise<number> {
  readArguments(args, {}, []);
  printJson(await client.call("openapi", {}));
  return exitCodes.ok;
}

/** A browser can not be given the token without showing it to others; a file can be read by its owner alone. */
async function writeDocs(args: readonly string[], { gatewayOptions, home }: CliContext): Promise<number> {
  readArguments(args, {}, []);
  const answer = await rawRequest(await ensureGateway(gatewayOptions), { method: "GET", path: "/docs" });
  const page = await text(answer);
  if (!isSuccess(answer)) throw TallyError.of(problemSchema.parse(JSON.parse(page)));
  await writeFile(home.apiPage, page, { mode: 0o600 });
  print([pathToFileURL(home.apiPage).href]);
  say("Open it in a browser.");
  return exitCodes.ok;
}

const options = { data: { type: "string", short: "d" }, include: { type: "boolean", short: "i" } } as const;

async function call(args: readonly string[], { gatewayOptions }: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, options, ["METHOD", "path"]);
  const answer = await rawRequest(await ensureGateway(gatewayOptions), await requestOf(operands, values.data));
  if (values.include === true) print([`HTTP/1.1 ${answer.statusCode ?? 0}`, ...headersOf(answer), ""]);
  if (isSuccess(answer)) {
    await pass(answer);
    return exitCodes.ok;
  }
  say((await text(answer)).trimEnd());
  return exitCodes.failure;
}

async function requestOf([word, path]: readonly [string, string], data: string | undefined): Promise<RawRequest> {
  const method = word.toUpperCase();
  if (!methods.includes(method)) throw new UsageError(`"${word}" is no method. Use one of ${methods.join(", ")}.`);
  if (!path.startsWith("/")) throw new UsageError(`"${path}" is no path of the gateway: begin it with /.`);
  if (data === undefined) return { method, path };
  return { method, path, body: data === "-" ? await text(process.stdin) : data };
}

/** What is streamed is passed on as it comes; what is whole ends with a new line. */
async function pass(answer: IncomingMessage): Promise<void> {
  let last = "\n";
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    process.stdout.write(chunk);
    last = chunk.subarray(-1).toString("latin1");
  }
  if (last !== "\n") process.stdout.write("\n");
}

function headersOf({ headers }: IncomingMessage): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}
