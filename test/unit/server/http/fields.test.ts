import assert from "node:assert/strict";
import * as z from "zod";
import { exampleOf } from "../../../../src/server/openapi/example.ts";
import { type Field, fieldsOf } from "../../../../src/server/openapi/fields.ts";
import { html } from "../../../../src/server/openapi/html.ts";
import { schemaOfAnswer, schemaOfInput } from "../../../../src/server/openapi/schemas.ts";
import { sessionSchema } from "../../../../src/protocol/entities.ts";

describe("the fields of a schema, for a reader", () => {
  const words = ({ name, type, required, notes }: Field) =>
    `${name}${required ? "" : "?"}: ${type.map(({ text }) => text).join("")}${notes.map((note) => ` ${note}`).join("")}`;
  const ofInput = (schema: z.ZodType) => fieldsOf(schemaOfInput(schema)).map(words);

  it("say what is needed, and what it is when it is left out", () => {
    assert.deepEqual(ofInput(z.object({ cwd: z.string().max(10), rows: z.number().int().min(1).max(9).default(2) })), [
      "cwd: string At most 10 characters.",
      "rows?: integer 1 to 9. Default: 2",
    ]);
  });

  it("go into objects and lists", () => {
    assert.deepEqual(ofInput(z.object({ steps: z.array(z.object({ run: z.string() })) })), [
      "steps: array of object",
      "steps[].run: string",
    ]);
  });

  it("tell the shapes of a choice apart", () => {
    const place = z.union([z.object({ sessionId: z.string() }), z.object({ cwd: z.string() })]);
    assert.deepEqual(ofInput(z.object({ place })), [
      "place: object",
      "place.sessionId: string In the shape {sessionId}.",
      "place.cwd: string In the shape {cwd}.",
    ]);
  });

  it("name a shared object and do not repeat it", () => {
    const [field] = fieldsOf(schemaOfAnswer(z.object({ session: sessionSchema.nullable() })));
    assert.deepEqual(field?.type, [{ text: "Session", link: "Session" }, { text: " or " }, { text: "null" }]);
  });

  it("say what they are described as", () => {
    assert.deepEqual(ofInput(z.object({ env: z.string().describe("The environment.") })), [
      "env: string The environment.",
    ]);
  });

  it("have an example with no more than is needed", () => {
    const schema = z.object({ cwd: z.string(), mode: z.enum(["pty", "pipes"]), title: z.string().optional() });
    assert.deepEqual(exampleOf(schemaOfInput(schema)), { cwd: "/home/me/shop", mode: "pty" });
  });
});

describe("a piece of a page", () => {
  it("escapes what is put into it, once", () => {
    const inner = html`<b>${"<&\"'>"}</b>`;
    assert.equal(html`<p>${inner}${["a", "<"]}${null}</p>`.text, "<p><b>&#60;&#38;&#34;&#39;&#62;</b>a&#60;</p>");
  });
});
