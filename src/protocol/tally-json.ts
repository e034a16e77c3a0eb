import * as z from "zod";
import { parseJson } from "./json.ts";
import { personaSchema } from "./limits.ts";
import { oneLine } from "./visible.ts";

/** At the root of a repository. */
export const TALLY_JSON = "tally.json";

/** Windows takes `tally_home` for `TALLY_HOME`. */
const variableName = z
  .string()
  .regex(
    /^(?![Tt][Aa][Ll][Ll][Yy]_)[A-Za-z_][A-Za-z0-9_]*$/,
    "Use letters, digits and underscore; names that begin with TALLY_ are Tally's own.",
  );

const { name, agent, configHome, args, env } = personaSchema.shape;

const repositoryPersonaSchema = z.strictObject({
  name: name.describe("What the persona is called."),
  agent: agent.describe("The agent that it starts: claude, codex, gemini, opencode, or command for any program."),
  configHome: configHome.describe(
    "The folder that the agent keeps its settings and its login in. `~/` is the home folder; a relative path is one in the repository.",
  ),
  args: args.describe("Arguments that come before those of the launch."),
  env: z
    .record(variableName, env.unwrap().valueType)
    .default({})
    .describe("Variables of the environment. Never a secret: the file is in the repository."),
});

/** A repository's `tally.json`. What other keys it has is for later versions to say. */
export const tallyJsonSchema = z
  .looseObject({
    $schema: z.string().optional().describe("Where this schema is."),
    name: z.string().trim().min(1).max(200).optional().describe("What the project is called."),
    ide: z.string().optional().describe("The editor that opens the project: cursor, code."),
    personas: z
      .array(repositoryPersonaSchema)
      .max(100)
      .default([])
      .describe("Named ways to start an agent. Each is used only once you have approved exactly what it says."),
  })
  .describe("What Tally is to know of this repository.");
export type TallyJson = z.infer<typeof tallyJsonSchema>;

const MAX_PROBLEM_LENGTH = 400;

/** What the text says, or what is wrong with it, where, and what to do, for a person. */
export function parseTallyJson(text: string): { readonly content: TallyJson } | { readonly problem: string } {
  const value = parseJson(text);
  if (value === undefined) {
    return { problem: `${TALLY_JSON} is not JSON. Correct it: there may be no comments and no trailing commas.` };
  }
  const parsed = tallyJsonSchema.safeParse(value);
  if (!parsed.success) return { problem: oneLine(problemOf(parsed.error.issues), MAX_PROBLEM_LENGTH) };
  const names = parsed.data.personas.map((persona) => persona.name);
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) return { problem: `${TALLY_JSON} has two personas named ${twice}. Rename one of them.` };
  return { content: parsed.data };
}

function problemOf(issues: readonly z.core.$ZodIssue[]): string {
  const wrong = issues.map((issue) => {
    const place = z.core.toDotPath(issue.path);
    return place === "" ? wordsOf(issue) : `${place}: ${wordsOf(issue)}`;
  });
  return `${TALLY_JSON} is not as it should be, so none of it is used. Correct it: ${wrong.join("; ")}`;
}

function wordsOf(issue: z.core.$ZodIssue): string {
  // The name that is wrong says nothing of why; the reason is one deeper.
  if (issue.code === "invalid_key") return issue.issues.map(({ message }) => message).join("; ");
  return issue.message;
}
