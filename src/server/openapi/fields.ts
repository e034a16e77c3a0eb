import type { JsonSchema } from "./schemas.ts";

/** A value's type, in words; `link` names a shared schema. */
export interface TypeWord {
  readonly text: string;
  readonly link?: string;
}

/** One line of a table of fields. */
export interface Field {
  /** `place.sessionId`, `setup[].run`; empty for a value as a whole. */
  readonly name: string;
  readonly type: readonly TypeWord[];
  readonly required: boolean;
  readonly notes: readonly string[];
}

/** The fields of a value, those of objects within it too; shared schemas are only named. */
export function fieldsOf(schema: JsonSchema, name = "", required = true): Field[] {
  const own = name === "" && isPlain(schema) ? [] : [{ name, type: typeOf(schema), required, notes: notesOf(schema) }];
  return [...own, ...fieldsWithin(schema, name)];
}

function fieldsWithin(schema: JsonSchema, name: string): Field[] {
  if (schema.$ref !== undefined) return [];
  const variants = variantsOf(schema);
  if (variants.length > 0) {
    const objects = variants.filter((variant) => variant.properties !== undefined);
    return objects.flatMap((variant) => propertiesOf(variant, name, objects.length > 1));
  }
  if (isSchema(schema.items)) return fieldsWithin(schema.items, `${name}[]`);
  if (isSchema(schema.additionalProperties)) return fieldsWithin(schema.additionalProperties, `${name}.*`);
  return propertiesOf(schema, name, false);
}

/** @param isVariant one of several shapes that the value may have */
function propertiesOf({ properties = {}, required = [] }: JsonSchema, name: string, isVariant: boolean): Field[] {
  return Object.entries(properties).flatMap(([key, property]) =>
    isSchema(property)
      ? fieldsOf(property, name === "" ? key : `${name}.${key}`, required.includes(key)).map((field, index) =>
          isVariant && index === 0 && property.const === undefined
            ? { ...field, notes: [shapeOf(properties), ...field.notes] }
            : field,
        )
      : [],
  );
}

/** What tells the shape that a field belongs to from its siblings. */
function shapeOf(properties: Readonly<Record<string, unknown>>): string {
  const constants = Object.entries(properties).flatMap(([key, property]) =>
    isSchema(property) && property.const !== undefined ? [`${key} is ${JSON.stringify(property.const)}`] : [],
  );
  return constants.length > 0
    ? `Where ${constants.join(", ")}.`
    : `In the shape {${Object.keys(properties).join(", ")}}.`;
}

function typeOf(schema: JsonSchema): TypeWord[] {
  const link = schema.$ref?.split("/").at(-1);
  if (link !== undefined) return [{ text: link, link }];
  if (schema.const !== undefined) return [{ text: JSON.stringify(schema.const) }];
  if (schema.enum) return [{ text: schema.enum.map((value) => JSON.stringify(value)).join(" | ") }];
  const variants = variantsOf(schema);
  if (variants.length > 0) return joined(variants.map(typeOf));
  if (isSchema(schema.items)) return [{ text: "array of " }, ...typeOf(schema.items)];
  if (isSchema(schema.additionalProperties)) return [{ text: "object of " }, ...typeOf(schema.additionalProperties)];
  const types = typesOf(schema).join(" or ");
  if (schema.format !== undefined) return [{ text: `${types} (${schema.format})` }];
  return [{ text: types === "" ? "anything" : types }];
}

/** The names of its types; several where it may be null. */
export function typesOf({ type }: JsonSchema): string[] {
  return typeof type === "string" ? [type] : ((type as string[] | undefined) ?? []);
}

function joined(types: readonly TypeWord[][]): TypeWord[] {
  const seen = new Set<string>();
  const different = types.filter((type) => {
    const text = type.map((word) => word.text).join("");
    return !seen.has(text) && seen.add(text);
  });
  return different.flatMap((type, index) => (index === 0 ? type : [{ text: " or " }, ...type]));
}

function notesOf(schema: JsonSchema): string[] {
  const notes = schema.description === undefined ? [] : [schema.description];
  const { minLength, maxLength, minItems, maxItems, minimum, maximum, pattern } = schema;
  const bounds = (least: number | undefined, most: number | undefined, what: string) => {
    if (most !== undefined) notes.push(`${least === undefined ? "At most" : `${least} to`} ${most}${what}.`);
    else if (least === 1 && what !== "") notes.push("Not empty.");
    else if (least !== undefined && least > 0) notes.push(`At least ${least}${what}.`);
  };
  bounds(minLength, maxLength, " characters");
  bounds(minItems, maxItems, " items");
  bounds(minimum, maximum, "");
  if (pattern !== undefined && pattern.length <= 100) notes.push(`Matches ${pattern}`);
  if (schema.default !== undefined) notes.push(`Default: ${JSON.stringify(schema.default)}`);
  return notes;
}

function variantsOf(schema: JsonSchema): JsonSchema[] {
  return [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(isSchema);
}

/** Whether all that there is to say of it is what its fields are. */
function isPlain(schema: JsonSchema): boolean {
  const shapes = schema.properties === undefined ? variantsOf(schema) : [schema];
  return (
    schema.description === undefined && shapes.length > 0 && shapes.every((shape) => shape.properties !== undefined)
  );
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
