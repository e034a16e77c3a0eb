import * as fc from "fast-check";
import type { JsonSchema } from "../../../src/server/openapi/schemas.ts";

/** What a field of this name is worth trying: ids that exist and ids that do not, folders of every kind. */
export type KnownValues = Readonly<Record<string, readonly unknown[]>>;

/** Values that satisfy a schema, or nearly: what only a refinement says is not looked at. */
export function valuesOf(schema: JsonSchema, known: KnownValues, name = ""): fc.Arbitrary<unknown> {
  const usual = known[name];
  if (usual && schema.properties === undefined) {
    return fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...usual) },
      { weight: 1, arbitrary: shapedValues(schema, known, name) },
    );
  }
  return shapedValues(schema, known, name);
}

function shapedValues(schema: JsonSchema, known: KnownValues, name: string): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const variants = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(isSchema);
  if (variants.length > 0) return fc.oneof(...variants.map((variant) => valuesOf(variant, known, name)));
  const { type } = schema as { type?: string | string[] };
  if (Array.isArray(type)) {
    return fc.oneof(...type.map((each) => shapedValues({ ...schema, type: each } as JsonSchema, known, name)));
  }
  switch (schema.type) {
    case "object":
      return objects(schema, known);
    case "array": {
      const { minItems: minLength = 0, maxItems = 4, items } = schema;
      const each = isSchema(items) ? valuesOf(items, known, name) : fc.jsonValue();
      return fc.array(each, { minLength, maxLength: Math.max(minLength, Math.min(4, maxItems)) });
    }
    case "string":
      return strings(schema);
    case "integer":
    case "number":
      return numbers(schema);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return fc.jsonValue();
  }
}

function objects(schema: JsonSchema, known: KnownValues): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema;
  if (isSchema(additionalProperties)) {
    const names = isSchema(propertyNames) ? strings(propertyNames) : fc.string({ maxLength: 12 });
    return fc.dictionary(names, valuesOf(additionalProperties, known), { maxKeys: 3 });
  }
  const shape = Object.fromEntries(
    Object.entries(properties).flatMap(([key, property]) => {
      if (!isSchema(property)) return [];
      const values = valuesOf(property, known, key);
      return [[key, required.includes(key) ? values : seldom(values)] as const];
    }),
  );
  return fc.record(shape);
}

/** What may be left out mostly is: each such field can be what a request is refused for. */
function seldom(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values });
}

function strings({ pattern, minLength = 0, maxLength = 40 }: JsonSchema): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(40, maxLength)), unit: "binary" });
}

function numbers({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): fc.Arbitrary<number> {
  const isWhole = type === "integer";
  const min = typeof exclusiveMinimum === "number" ? exclusiveMinimum + 1 : (minimum ?? -1_000);
  const max = Math.max(
    min,
    typeof exclusiveMaximum === "number" ? exclusiveMaximum - 1 : (maximum ?? 10_000_000_000_000),
  );
  return isWhole ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What no schema wants. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "/\0",
    "../../etc/passwd",
    "/etc",
    "/proc/self/fd",
    "%00",
    "__proto__",
    "constructor",
    "-1",
    "\u202e\u2066",
    "$(id)",
    "--help",
    "x".repeat(5_000),
    `/${"x".repeat(4_000)}`,
    -1,
    0,
    -0,
    1.5,
    1e308,
    Number.MAX_SAFE_INTEGER,
    8_640_000_000_000_001,
    true,
    [],
    {},
    [[[[[[]]]]]],
    { toString: "x", __proto__: null, length: 1 },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** One way to spoil a value. */
export interface Mutation {
  readonly how: "replace" | "remove" | "add";
  /** Which part of the value, counted. */
  readonly at: number;
  readonly value: unknown;
}

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  {
    weight: 2,
    arbitrary: fc.array(
      fc.record({ how: fc.constantFrom("replace", "remove", "add"), at: fc.nat({ max: 1_000 }), value: odd }),
      { minLength: 1, maxLength: 3 },
    ),
  },
);

/** The value spoilt in each of these ways; it itself is left as it is. */
export function mutate(value: unknown, ways: readonly Mutation[]): unknown {
  return ways.reduce(mutateOnce, value);
}

function mutateOnce(value: unknown, { how, at, value: part }: Mutation): unknown {
  const places = placesIn(value);
  const place = places[at % places.length] ?? [];
  return changed(value, place, { how, part });
}

type Place = readonly (string | number)[];

function placesIn(value: unknown, place: Place = []): Place[] {
  if (typeof value !== "object" || value === null) return [place];
  return [place, ...Object.entries(value).flatMap(([key, part]) => placesIn(part, [...place, key]))];
}

function changed(value: unknown, [key, ...rest]: Place, change: { how: Mutation["how"]; part: unknown }): unknown {
  if (key === undefined) {
    if (change.how !== "add" || typeof value !== "object" || value === null) return change.part;
    return Array.isArray(value)
      ? [...(value as unknown[]), change.part]
      : { ...value, [`extra${rest.length}`]: change.part };
  }
  const holder = value as Record<string, unknown>;
  const entries = Object.entries(holder);
  const isGone = rest.length === 0 && change.how === "remove";
  const made = entries.flatMap(([name, part]) =>
    name !== String(key) ? [[name, part] as const] : isGone ? [] : [[name, changed(part, rest, change)] as const],
  );
  return Array.isArray(value) ? made.map(([, part]) => part) : Object.fromEntries(made);
}
