import { setTimeout as delay } from "node:timers/promises";
import type { Endpoint } from "../../client/discovery.ts";
import { findGateway } from "../../client/ensure-gateway.ts";
import { isAlive } from "../../protocol/liveness.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Health } from "../../protocol/routes.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatAge } from "../screen/age.ts";
import { print, printJson } from "../screen/print.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import type { RunCommand } from "../command-table.ts";

const actions: Readonly<Record<string, RunCommand>> = {
  start: withoutArguments(start),
  stop: withoutArguments(stop),
  restart: withoutArguments(async (context) => {
    await stop(context);
    return start(context);
  }),
  status,
  logs: async (args, context) => (await import("./gateway-logs.ts")).run(args, context),
  url: withoutArguments(async ({ gatewayOptions }) => {
    const endpoint = await findGateway(gatewayOptions);
    if (!endpoint) return sayNotRunning();
    print([urlWithToken(endpoint)]);
    return exitCodes.ok;
  }),
};

export const run: RunCommand = async ([word, ...args], context) => {
  if (word === undefined) throw new UsageError("It needs one of its actions.");
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (!action) throw new UsageError(`There is no action "${word}".`);
  return action(args, context);
};

/** For clients that cannot set a header. */
function urlWithToken({ url, token }: Endpoint): string {
  return `${url}/t/${encodeURIComponent(token)}`;
}

function withoutArguments(act: (context: CliContext) => Promise<number>): RunCommand {
  return (args, context) => {
    readArguments(args, {}, []);
    return act(context);
  };
}

function sayNotRunning(): number {
  say("The gateway is not running.");
  return exitCodes.gatewayNotRunning;
}

/** The health of the gateway that runs, or null. */
async function health({ gatewayOptions, runningClient }: CliContext): Promise<Health | null> {
  return (await findGateway(gatewayOptions)) ? runningClient.call("health", {}) : null;
}

async function start(context: CliContext): Promise<number> {
  const { pid, port } = await context.client.call("health", {});
  say(`The gateway runs: pid ${pid}, port ${port}.`);
  return exitCodes.ok;
}

const STOP_TIMEOUT_MS = 10_000;
const LOOK_AGAIN_MS = 20;

async function stop(context: CliContext): Promise<number> {
  const running = await health(context);
  if (!running) {
    say("The gateway is not running.");
    return exitCodes.ok;
  }
  await context.runningClient.call("stopGateway", {});
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(running.pid)) {
    if (Date.now() > deadline) {
      throw new TallyError("internal", `The gateway (pid ${running.pid}) did not stop. See: tally gateway logs`);
    }
    await delay(LOOK_AGAIN_MS);
  }
  context.client.forgetEndpoint();
  const { liveSessions } = running;
  say(
    liveSessions > 0
      ? `The gateway has stopped. ${liveSessions} ${liveSessions === 1 ? "session runs" : "sessions run"} on.`
      : "The gateway has stopped.",
  );
  return exitCodes.ok;
}

async function status(args: readonly string[], context: CliContext): Promise<number> {
  const { values } = readArguments(args, { json: { type: "boolean" } }, []);
  const running = await health(context);
  if (values.json) printJson(running);
  if (!running) return sayNotRunning();
  if (!values.json) {
    const { pid, port, version, startedAt, liveSessions } = running;
    print([
      `version ${version}, pid ${pid}, port ${port}, up ${formatAge(Date.now() - startedAt)}, live sessions ${liveSessions}`,
    ]);
  }
  return exitCodes.ok;
}
