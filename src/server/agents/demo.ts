import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import type { ProgramStatus } from "../../protocol/ptyhost.ts";
import type { AgentAdapter } from "./adapter.ts";
import { demoReader } from "./demo/headless.ts";
import { readQuestion } from "./demo/requests.ts";
import { readProgramStatus } from "./program-status.ts";
import type { TimedReading } from "./reading.ts";

/** What tells its accounts apart: any name. */
const ACCOUNT_VARIABLE = "TALLY_DEMO_ACCOUNT";

/** The bundled demo agent, run by the gateway's own runtime. @param entry the file that holds it. */
export function demo(entry: string, execPath: string): AgentAdapter {
  return {
    name: "demo",
    label: "Demo agent",
    program: null,
    installHint: null,
    plan: ({ args, mode, hooks, isHeadless = false }) => {
      const { resume } = readArguments(args);
      const id = resume ?? randomUUID();
      const asks = mode === "pty" && !isHeadless;
      return {
        file: execPath,
        args: [entry, ...(resume === undefined ? ["--conversation", id] : []), ...args],
        env: {
          ELECTRON_RUN_AS_NODE: "1",
          ...(hooks !== null && asks ? { TALLY_DEMO_ASK: hooks.ask("question") } : {}),
        },
        version: null,
        conversationId: id,
        files: {},
        continuesItself: false,
        expects: [],
        whereabouts: {},
      };
    },
    title: () => "Demo",
    account: ({ args, env }) => ({
      configHome: null,
      endpoint: env[ACCOUNT_VARIABLE] || null,
      credential: null,
      isDefault: !env[ACCOUNT_VARIABLE],
      model: null,
      usesModel: readArguments(args).help !== true,
    }),
    configHomeVariable: null,
    keptVariables: [ACCOUNT_VARIABLE],
    resume: (conversationId, prompt, launchedWith) => [
      ...resumeArguments(conversationId, launchedWith),
      ...(prompt === null ? [] : ["--", prompt]),
    ],
    firstPrompt: (prompt) => ["--", prompt],
    typing: null,
    reads: { programStatus: readStatus, hook: readQuestion },
    answers: { via: "hook", output: (_request, answer) => JSON.stringify(answer) },
    headless: {
      launch: ({ prompt, conversationId, args }) => ({
        args: ["--json", ...(conversationId === null ? args : resumeArguments(conversationId, args))],
        stdin: prompt,
      }),
      reader: () => demoReader(),
    },
  };
}

function resumeArguments(conversationId: string, launchedWith: readonly string[]): string[] {
  const steps = readArguments(launchedWith)["steps-ms"];
  return [...(steps === undefined ? [] : ["--steps-ms", steps]), "--resume", conversationId];
}

function readArguments(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: "boolean", short: "h" },
      print: { type: "string", short: "p" },
      json: { type: "boolean" },
      "steps-ms": { type: "string" },
      resume: { type: "string" },
    },
    allowPositionals: true,
    // What it does not know, it tells the person itself.
    strict: false,
  });
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return { help: values.help, resume: text(values.resume), "steps-ms": text(values["steps-ms"]) };
}

const LIMIT = /^You've hit your 5-hour limit · resets (?<at>\d{4}-\d\d-\d\dT[\d:.]+Z)$/;

const PROMPT = /^prompt (?<key>\d+): (?<text>.*)$/s;

/** It tells each prompt, and of a limit when exactly that resets. */
function readStatus(told: ProgramStatus): readonly TimedReading[] {
  const status = { ...told, app: "The demo agent" };
  const { key, text: prompt } = PROMPT.exec(status.message ?? "")?.groups ?? {};
  if (status.state === "working" && key !== undefined && prompt !== undefined) {
    return [{ type: "prompt", key, text: prompt }, ...readProgramStatus({ ...status, message: null })];
  }
  const at = LIMIT.exec(status.message ?? "")?.groups?.["at"];
  if (status.state !== "error" || at === undefined) return readProgramStatus(status);
  const text = "The demo agent has hit its 5-hour limit.";
  const signal = "OSC 7501: error";
  const limit = { kind: "five-hour", model: null, resetsAt: Date.parse(at), isExact: true, text } as const;
  return [
    { type: "activity", activity: "limited", text, signal },
    { type: "limit", limit, signal },
  ];
}
