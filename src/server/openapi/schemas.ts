import * as z from "zod";
import {
  projectSchema,
  reasonSchema,
  sessionSchema,
  taskSchema,
  usageSchema,
  worktreeSchema,
} from "../../protocol/entities.ts";
import { problemSchema } from "../../protocol/errors.ts";
import { sessionHistorySchema, sessionStatsSchema } from "../../protocol/history.ts";
import { offeredPersonaSchema } from "../../protocol/limit-routes.ts";
import { accountSchema, pauseSchema, quotaWindowSchema, settingsSchema } from "../../protocol/limits.ts";
import { agentRequestSchema } from "../../protocol/requests.ts";
import { feedSessionSchema } from "../../protocol/session-feed.ts";
import { sessionMetadataSchema, sessionNumbersSchema, taskRecordSchema } from "../../protocol/session-file.ts";
import { sessionStateSchema, taskStateSchema } from "../../protocol/states.ts";
import { outputEntrySchema, taskRunSchema, taskWaitSchema } from "../../protocol/tasks.ts";
import { repositoryCommandsSchema } from "../../protocol/worktree-routes.ts";
import {
  helperProcessSchema,
  operationSchema,
  snapshotInfoSchema,
  standingSchema,
  workAtRiskSchema,
} from "../../protocol/worktrees.ts";

/** A JSON schema (2020-12), as OpenAPI 3.1 has it. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** What several answers contain, by the name that clients made from the document know it by. */
const shared: Readonly<Record<string, z.ZodType>> = {
  Problem: problemSchema,
  Project: projectSchema,
  Worktree: worktreeSchema,
  WorktreeOperation: operationSchema,
  WorktreeStanding: standingSchema,
  WorkAtRisk: workAtRiskSchema,
  WorktreeSnapshot: snapshotInfoSchema,
  Process: helperProcessSchema,
  RepositoryCommands: repositoryCommandsSchema,
  Session: sessionSchema,
  SessionState: sessionStateSchema,
  SessionHistory: sessionHistorySchema,
  SessionStats: sessionStatsSchema,
  Reason: reasonSchema,
  AgentRequest: agentRequestSchema,
  Task: taskSchema,
  TaskState: taskStateSchema,
  TaskRun: taskRunSchema,
  TaskWait: taskWaitSchema,
  OutputEntry: outputEntrySchema,
  Usage: usageSchema,
  Account: accountSchema,
  QuotaWindow: quotaWindowSchema,
  Pause: pauseSchema,
  Persona: offeredPersonaSchema,
  Settings: settingsSchema,
  SessionMetadata: sessionMetadataSchema,
  SessionNumbers: sessionNumbersSchema,
  TaskRecord: taskRecordSchema,
  FeedSession: feedSessionSchema,
};

const registry = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(shared)) registry.add(schema, { id });

const toComponent = (id: string) => `#/components/schemas/${id}`;

/** The schemas that answers refer to. */
export function sharedSchemas(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(registry, { io: "output", uri: toComponent, override: plainAnswer });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutHead(schema)]));
}

/** What a caller sends. */
export function schemaOfInput(schema: z.ZodType): JsonSchema {
  return withoutHead(z.toJSONSchema(schema, { io: "input", override: plain }));
}

/** What is answered; entities are referred to. */
export function schemaOfAnswer(schema: z.ZodType): JsonSchema {
  const id = registry.get(schema)?.id;
  if (id !== undefined) return { $ref: toComponent(id) };
  const { $defs: _, ...made } = z.toJSONSchema(schema, { io: "output", metadata: registry, override: plainAnswer });
  return withRefsToComponents(withoutHead(made)) as JsonSchema;
}

function withoutHead({ $schema: _, $id: __, id: ___, ...schema }: JsonSchema & { id?: unknown }): JsonSchema {
  return schema;
}

function withRefsToComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withRefsToComponents);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) =>
      key === "$ref" ? [key, String(part).replace("#/$defs/", toComponent(""))] : [key, withRefsToComponents(part)],
    ),
  );
}

/** What is answered is whole: defaults have been filled in. */
function plainAnswer(context: { zodSchema: z.core.$ZodType; jsonSchema: JsonSchema }): void {
  plain(context);
  delete context.jsonSchema.default;
}

/** Adds what the schema is described as, and leaves out what says nothing to a reader. */
function plain({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: JsonSchema }): void {
  const description = z.globalRegistry.get(zodSchema)?.description;
  if (description !== undefined) jsonSchema.description = description;
  // Answers may get further fields; bodies with unknown ones are taken.
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  // The pattern of a format that every client knows.
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
}
