import { isDeepStrictEqual } from "node:util";
import type * as z from "zod";
import type { ReadingTime } from "../../../protocol/reset-time.ts";
import type { Read, TimedReading } from "../reading.ts";
import { timeOfId } from "./id-time.ts";
import { OpenRequests } from "./open-requests.ts";
import {
  type AssistantMessage,
  eventSchema,
  type Message,
  messageWithPartsSchema,
  type OpencodeEvent,
  type Part,
  type Permission,
  permissionSchema,
  questionRequestSchema,
  type SessionInfo,
  sessionInfoSchema,
  type Status,
  statusesSchema,
} from "./payloads.ts";
import { SessionRecord } from "./session-record.ts";
import { ready, type Word, wordOf, wordOfError } from "./turns.ts";

/**
 * All sessions of one opencode server, and which of them the person is in. A terminal UI can hold several: what it is doing is what
 * the session does that got a prompt last; the others, sub-agents too, are work beside it.
 */
export class OpencodeSessions {
  readonly #now: () => number;
  readonly #timeZone: string;
  readonly #requests: OpenRequests;
  readonly #records = new Map<string, SessionRecord>();
  readonly #prompts = new Set<string>();
  #followed: string | null;
  #background: readonly string[] = [];
  /** What `/permission` said. Null when it would not say. */
  #permissions: readonly Permission[] | null = null;
  #connectedAt = 0;

  /** @param timeZone where the machine is, for times that are written for people. */
  constructor(followed: string | null, now: () => number, timeZone: string) {
    this.#followed = followed;
    this.#now = now;
    this.#timeZone = timeZone;
    this.#requests = new OpenRequests(now);
  }

  get followed(): string | null {
    return this.#followed;
  }

  /** Reads `/event`. */
  readonly event: Read = (value) => {
    const parsed = eventSchema.safeParse(value);
    if (!parsed.success) return [];
    const at = timeOfId(parsed.data.id, this.#now());
    return this.#happened(parsed.data, at ?? this.#now()).map((reading) =>
      at === undefined ? reading : { at, ...reading },
    );
  };

  /** Reads `/session/{id}`. */
  readonly info: Read = (value) => {
    const parsed = sessionInfoSchema.safeParse(value);
    return parsed.success ? this.#informed(parsed.data) : [];
  };

  /** Reads `/session/{id}/children`. */
  readonly children: Read = (value) => each(value, sessionInfoSchema).flatMap((info) => this.#informed(info));

  /** Reads `/session/{id}/message`, the transcript. */
  readonly messages: Read = (value) => {
    const messages = each(value, messageWithPartsSchema);
    const infos = messages.map(({ info }) => info);
    for (const id of new Set(infos.map(({ sessionID }) => sessionID))) {
      this.#record(id).restore(infos.filter(({ sessionID }) => sessionID === id));
    }
    const told = messages.flatMap(({ parts }) => parts.flatMap((part) => (part ? this.#part(part) : [])));
    const answers = infos.filter((info) => info.role === "assistant");
    const lastOfEach = new Map(answers.map((answer) => [answer.parentID, answer]));
    return [...told, ...[...lastOfEach.values()].flatMap((answer) => this.#answered(answer))];
  };

  /**
   * Reads `/session/status`. Every change since the connection is told by an event, which an answer may overtake: it is of when it was
   * asked for, or it would hide the word of an event that was made before it was read.
   * @param askedAt not before the connection.
   */
  statuses(askedAt: number): Read {
    return (value) => {
      const parsed = statusesSchema.safeParse(value);
      if (!parsed.success) return [];
      const statuses = parsed.data;
      const found = this.#followed === null ? this.#oldestOf(Object.keys(statuses)) : null;
      const readings = found === null ? [] : this.#follow(found);
      for (const id of Object.keys(statuses)) this.#record(id);
      for (const record of this.#records.values()) {
        if (!record.isStatusFresh) record.change(statuses[record.id] ?? { type: "idle" });
      }
      this.#background = this.#workBeside();
      const at = Math.max(askedAt, this.#connectedAt);
      const word = this.#wordNow().map((reading) => ({ at, ...reading }));
      return [...readings, ...word, { type: "background", work: this.#background }];
    };
  }

  /** Reads `/permission`. What it says is told together with the questions. */
  readonly permissions: Read = (value) => {
    this.#permissions = Array.isArray(value) ? each(value, permissionSchema) : null;
    return [];
  };

  /** Reads `/question`, after `/permission`. */
  readonly questions: Read = (value) => {
    const questions = each(value, questionRequestSchema);
    const permissions = this.#permissions;
    this.#permissions = null;
    return permissions
      ? this.#requests.only(this.#connectedAt, permissions, questions)
      : this.#requests.also([], questions);
  };

  #happened(event: OpencodeEvent, at: number): readonly TimedReading[] {
    switch (event.type) {
      case "server.connected":
        return this.#connected(at);
      case "session.created":
      case "session.updated":
        return this.#informed(event.properties.info);
      case "session.status":
        return this.#changed(this.#record(event.properties.sessionID), event.properties.status, at);
      case "session.error":
        return this.#failed(event.properties, at);
      case "message.updated":
        return this.#message(event.properties.info);
      case "message.removed":
        return this.#removed(event.properties.messageID);
      case "message.part.updated":
        return this.#part(event.properties.part);
      case "permission.asked":
        return this.#requests.permission(event.properties);
      case "question.asked":
        return this.#requests.question(event.properties);
      case "permission.replied":
      case "question.replied":
      case "question.rejected":
        return this.#requests.over(event.properties.requestID);
    }
  }

  #connected(at: number): TimedReading[] {
    this.#connectedAt = at;
    for (const record of this.#records.values()) record.connected();
    // While opencode starts, what is asked next may stay without an answer.
    return this.#followed === null ? said(ready, "server.connected") : [];
  }

  #informed(info: SessionInfo): TimedReading[] {
    const record = this.#record(info.id);
    record.inform(info);
    return record.id === this.#followed ? usageReadings(record) : [];
  }

  #changed(record: SessionRecord, status: Status, at: number): TimedReading[] {
    record.isStatusFresh = true;
    const before = record.status;
    const isStart = before.type === "idle" && status.type !== "idle";
    const isEntered = record.isConversation || (this.#followed === null && !record.isSubAgent);
    const followed = isStart && isEntered ? this.#follow(record.id) : [];
    const end = record.endOfTurn(this.#timeZone);
    const wasTold = record.ended !== null;
    if (!record.change(status)) return followed;
    if (record.id !== this.#followed) return [...followed, ...this.#backgroundNow()];
    if (status.type === "idle" && wasTold) return followed;
    const word = status.type === "idle" ? end : wordOf(status, at, this.#when());
    return [...followed, ...said(word, `session.status: ${status.type}`)];
  }

  #failed(
    { sessionID, error }: Extract<OpencodeEvent, { type: "session.error" }>["properties"],
    at: number,
  ): TimedReading[] {
    if (sessionID === undefined || error === undefined) return [];
    const record = this.#record(sessionID);
    record.ended = wordOfError(error, { now: at, timeZone: this.#timeZone });
    return sessionID === this.#followed ? said(record.ended, `session.error: ${error.name}`) : [];
  }

  #message(message: Message): TimedReading[] {
    this.#record(message.sessionID).put(message);
    return message.role === "assistant" ? this.#answered(message) : [];
  }

  #answered({ sessionID, parentID: key, providerID, modelID }: AssistantMessage): TimedReading[] {
    const record = this.#record(sessionID);
    if (record.isSubAgent) return [];
    const usage: TimedReading = { type: "prompt-usage", key, usage: record.usageOfPrompt(key) };
    if (record.id !== this.#followed) return [usage];
    return [usage, { type: "model", model: `${providerID}/${modelID}` }];
  }

  #removed(messageId: string): TimedReading[] {
    return [...this.#records.values()].flatMap((record) => {
      const key = record.remove(messageId);
      return key === null ? [] : [{ type: "prompt-usage", key, usage: record.usageOfPrompt(key) } as const];
    });
  }

  #part(part: Part): TimedReading[] {
    const record = this.#record(part.sessionID);
    if (part.type === "tool") {
      record.putTool(part);
      return this.#requests.tool(part);
    }
    const message = record.message(part.messageID);
    if (message?.role !== "user" || part.synthetic || record.isSubAgent || this.#prompts.has(message.id)) return [];
    this.#prompts.add(message.id);
    return [...this.#follow(record.id), { type: "prompt", key: message.id, text: part.text, at: message.time.created }];
  }

  #follow(id: string): TimedReading[] {
    if (id === this.#followed) return [];
    this.#followed = id;
    return [{ type: "conversation", id }, ...usageReadings(this.#record(id)), ...this.#backgroundNow()];
  }

  /** A session's id counts down from its time of making, and a sub-agent's session is made after the one that it works for. */
  #oldestOf(ids: readonly string[]): string | null {
    return ids.filter((id) => !this.#record(id).isSubAgent).reduce<string | null>((a, b) => (a && a > b ? a : b), null);
  }

  #wordNow(): TimedReading[] {
    if (this.#followed === null) return said(ready, "session.status: idle");
    const record = this.#record(this.#followed);
    if (record.isStatusFresh) return [];
    const { status } = record;
    const word = status.type === "idle" ? record.endOfTurn(this.#timeZone) : wordOf(status, null, this.#when());
    return said(word, `session.status: ${status.type}`);
  }

  #when(): ReadingTime {
    return { now: this.#now(), timeZone: this.#timeZone };
  }

  #backgroundNow(): TimedReading[] {
    const work = this.#workBeside();
    if (isDeepStrictEqual(work, this.#background)) return [];
    this.#background = work;
    return [{ type: "background", work }];
  }

  #workBeside(): readonly string[] {
    return [...this.#records.values()]
      .filter(({ id, status }) => id !== this.#followed && status.type !== "idle")
      .map(({ title }) => title);
  }

  #record(id: string): SessionRecord {
    const known = this.#records.get(id);
    if (known) return known;
    const record = new SessionRecord(id);
    this.#records.set(id, record);
    return record;
  }
}

function said({ activity, text, limit }: Word, signal: string): TimedReading[] {
  return [
    { type: "activity", activity, text, signal },
    ...(limit ? [{ type: "limit", limit: limit.report, signal, at: limit.at } as const] : []),
  ];
}

function usageReadings(record: SessionRecord): TimedReading[] {
  const usage = record.usage();
  return usage ? [{ type: "usage", usage }] : [];
}

/** The elements of a list that have this shape. */
function each<T extends z.ZodType>(value: unknown, schema: T): z.output<T>[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((element) => {
    const parsed = schema.safeParse(element);
    return parsed.success ? [parsed.data] : [];
  });
}
