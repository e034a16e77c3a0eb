import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import * as z from "zod";
import { parseTallyJson, tallyJsonSchema } from "../../../src/protocol/tally-json.ts";

const schemaFile = new URL("../../../media/tally.schema.json", import.meta.url);

const problemOf = (text: string): string => {
  const parsed = parseTallyJson(text);
  return "problem" in parsed ? parsed.problem : "none";
};
const ofPersona = (fields: object) => JSON.stringify({ personas: [{ name: "work", agent: "claude", ...fields }] });

describe("a repository's tally.json", () => {
  it("names the project and brings personas", () => {
    const text = '{"name": "Shop", "personas": [{"name": "work", "agent": "claude", "env": {"A": "1"}}]}';
    assert.deepEqual(parseTallyJson(text), {
      content: { name: "Shop", personas: [{ name: "work", agent: "claude", args: [], env: { A: "1" } }] },
    });
  });

  it("may have keys that are not ours", () => {
    assert.equal(problemOf('{"version": 3, "worktrees": {"setup": "npm ci"}}'), "none");
  });

  const wrong: readonly [what: string, text: string, says: RegExp][] = [
    ["no JSON", "{ // a comment\n}", /is not JSON\. Correct it: there may be no comments/],
    ["no object", "[]", /expected object/],
    ["a name that is none", '{"name": 3}', /: name: .*expected string/],
    ["a persona without an agent", '{"personas": [{"name": "work"}]}', /personas\[0\]\.agent: .*expected string/],
    ["a name with a space", ofPersona({ name: "my work" }), /personas\[0\]\.name: Use letters, digits, dot/],
    ["a key that no persona has", ofPersona({ confighome: "x" }), /personas\[0\]: Unrecognized key: "confighome"/],
    ["a variable that is no text", ofPersona({ env: { PORT: 80 } }), /personas\[0\]\.env\.PORT: .*expected string/],
    ["a variable of ours", ofPersona({ env: { tally_home: "/" } }), /personas\[0\]\.env\.tally_home: .* Tally's own/],
    [
      "two of one name",
      '{"personas": [{"name": "a", "agent": "x"}, {"name": "a", "agent": "y"}]}',
      /two personas .* a\./,
    ],
  ];
  for (const [what, text, says] of wrong) {
    it(`is told what is wrong, and where, with ${what}`, () => assert.match(problemOf(text), says));
  }

  it("is told of in one short line, whatever it holds", () => {
    const problem = problemOf(
      ofPersona(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`\u202e\n${i}`, 1]))),
    );
    assert.ok(problem.length <= 400 && !/[\u202e\n]/.test(problem));
  });
});

describe("the schema that an editor checks tally.json with", () => {
  it("is what Tally reads", () => {
    const schema = z.toJSONSchema(tallyJsonSchema, { io: "input", target: "draft-7" });
    assert.deepEqual(
      JSON.parse(readFileSync(schemaFile, "utf8")),
      schema,
      "write the second one to media/tally.schema.json",
    );
  });
});
