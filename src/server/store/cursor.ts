import * as z from "zod";
import { TallyError } from "../../protocol/errors.ts";
import { parseJson } from "../../protocol/json.ts";

/** A place in a list that is ordered by these: the last entry of a page. It holds also when that entry is gone by then. */
export interface Place {
  readonly createdAt: number;
  readonly id: string;
}

const placeSchema = z.tuple([z.number(), z.string()]);

/** A place as clients hand it back. */
export function toCursor({ createdAt, id }: Place): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString("base64url");
}

/** @throws {TallyError} `invalid-request` for what no page has told */
export function fromCursor(cursor: string): Place {
  const parsed = placeSchema.safeParse(parseJson(Buffer.from(cursor, "base64url").toString("utf8")));
  if (!parsed.success) {
    throw new TallyError(
      "invalid-request",
      "The cursor is none of this list. Take the nextCursor of the page before, or begin without one.",
    );
  }
  const [createdAt, id] = parsed.data;
  return { createdAt, id };
}
