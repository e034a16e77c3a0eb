import { typesOf } from "./fields.ts";
import type { JsonSchema } from "./schemas.ts";

/** What stands for a text, by the name of its field. */
const texts: Readonly<Record<string, string>> = {
  cwd: "/home/me/shop",
  path: "/home/me/shop",
  repoPath: "/home/me/shop",
  workingDir: "/home/me/shop",
  workingDirectory: "/home/me/shop",
  prompt: "Fix the failing test",
  task: "Fix the failing test",
};

/** The least that a body needs. */
export function exampleOf(schema: JsonSchema, name = ""): unknown {
  if (schema.const !== undefined) return schema.const;
  const [first] = schema.enum ?? [];
  if (first !== undefined) return first;
  const [variant] = schema.anyOf ?? schema.oneOf ?? [];
  if (variant !== undefined) return exampleOf(variant, name);
  switch (typesOf(schema)[0]) {
    case "object": {
      const { properties = {}, required = [] } = schema;
      return Object.fromEntries(required.map((key) => [key, exampleOf(properties[key] as JsonSchema, key)]));
    }
    case "array":
      return (schema.minItems ?? 0) > 0 ? [exampleOf(schema.items as JsonSchema, name)] : [];
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    default:
      return texts[name] ?? `<${name}>`;
  }
}
