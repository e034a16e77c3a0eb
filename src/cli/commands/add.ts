import { agentEnvironment } from "../../client/environment.ts";
import { isEnded } from "../../protocol/states.ts";
import { problemOfWorktreeName } from "../../protocol/worktree-names.ts";
import type { AddWorktree } from "../../protocol/worktree-routes.ts";
import { onceApproved } from "../approval/approved.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatWays, type WayOn } from "../screen/held-block.ts";
import { pendingWords } from "../screen/continuation-words.ts";
import { print, printJson } from "../screen/print.ts";
import { type Fact, formatFacts } from "../screen/session-facts.ts";
import { wordsOf } from "../screen/session-words.ts";
import { commandLine, lineToCopy } from "../screen/shell-words.ts";
import { surfaceOf, talkSurface } from "../screen/surface.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import { type MadeWorktree, madeWorktree, sayFailedOperation } from "../worktree/failed-operation.ts";
import { runOperation } from "../worktree/run-operation.ts";
import { placeFacts } from "../worktree/worktree-words.ts";

const options = {
  from: { type: "string" },
  agent: { type: "string" },
  "no-agent": { type: "boolean" },
  persona: { type: "string" },
  prompt: { type: "string" },
  trust: { type: "boolean" },
  "no-setup": { type: "boolean" },
  json: { type: "boolean" },
} as const;

/** What the command line says, without where it was typed. */
type Wish = Omit<AddWorktree, "cwd" | "env" | "operationId">;

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { wish, isTrusted, json } = readWish(args);
  const cwd = process.cwd();
  const body = { ...wish, cwd, env: agentEnvironment(context.env) };
  const consent = { isTrusted, trustLine: lineToCopy(["tally", "add", "--trust"], args) };
  const { answer, end } = await onceApproved(
    () =>
      runOperation((operationId) => context.client.call("addWorktree", { body: { ...body, operationId } }), context),
    { cwd, consent, context },
  );
  if (json && end.kind === "over") printJson({ worktree: end.worktree, project: answer.project });
  const made = madeWorktree(end);
  if (made === null) return sayFailedOperation(end, { command: "add", name: answer.worktree.name }, context);
  if (!json) sayMade(made, context);
  return exitCodes.ok;
}

/** @throws {UsageError} for what contradicts itself. */
export function readWish(args: readonly string[]): { wish: Wish; isTrusted: boolean; json: boolean } {
  const split = args.indexOf("--");
  const [own, agentArgs] = split < 0 ? [args, []] : [args.slice(0, split), args.slice(split + 1)];
  const problem = dashedName(own[0]);
  if (problem !== null) throw new UsageError(problem);
  const { values, operands } = readArguments(own, options, ["name"]);
  const { from, agent, persona, prompt, trust = false, json = false } = values;
  const hasNoAgent = values["no-agent"] ?? false;
  if (hasNoAgent && agent !== undefined) throw new UsageError("--agent and --no-agent exclude each other.");
  if (hasNoAgent && (persona !== undefined || prompt !== undefined || agentArgs.length > 0)) {
    throw new UsageError("Without an agent there is nobody for a persona, a prompt or arguments.");
  }
  if (prompt?.trim() === "") throw new UsageError("The prompt is empty.");
  const wish: Wish = {
    name: operands[0],
    ...(from === undefined ? {} : { from }),
    ...(hasNoAgent ? { agent: null } : agent === undefined ? {} : { agent }),
    ...(persona === undefined ? {} : { persona }),
    ...(prompt === undefined ? {} : { prompt }),
    args: [...agentArgs],
    origin: "cli",
    skipCommands: values["no-setup"] ?? false,
  };
  return { wish, isTrusted: trust, json };
}

/** Where the name stands, one dash begins no option of this command: what is wrong with it as a name says more. */
function dashedName(word: string | undefined): string | null {
  return word !== undefined && /^-[^-]/.test(word) ? problemOfWorktreeName(word) : null;
}

/**
 * Where the new worktree is and what runs in it, and what to do next. Also of one that was brought back.
 * @param more what else can be done next.
 */
export function sayMade(
  { worktree, agent: session }: MadeWorktree,
  { env }: Pick<CliContext, "env">,
  more: readonly WayOn[] = [],
): void {
  const surface = surfaceOf(process.stdout, env);
  const agent: Fact[] =
    session === null
      ? []
      : [
          {
            name: "session",
            value: [session.id, session.agent, wordsOf(session).word, pendingWords(session, surface)]
              .filter((words) => words !== null)
              .join("  "),
          },
        ];
  print(formatFacts([{ name: "worktree", value: worktree.name }, ...placeFacts(worktree), ...agent], surface));
  const isAttachable = session !== null && !isEnded(session);
  const ways: WayOn[] = [
    { words: "Go there", line: commandLine(["cd", worktree.path]) },
    ...(isAttachable ? [{ words: "Talk to the agent", line: `tally attach ${session.id}` }] : []),
    ...more,
  ];
  say(formatWays(ways, talkSurface(env)).join("\n"));
}
