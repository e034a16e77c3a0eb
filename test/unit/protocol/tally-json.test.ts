import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import * as z from "zod";
import { parseTallyJson, recipeOf, tallyJsonSchema } from "../../../src/protocol/tally-json.ts";

const schemaFile = new URL("../../../media/tally.schema.json", import.meta.url);

const problemOf = (text: string): string => {
  const parsed = parseTallyJson(text);
  return "problem" in parsed ? parsed.problem : "none";
};
const ofPersona = (fields: object) => JSON.stringify({ personas: [{ name: "work", agent: "claude", ...fields }] });

describe("a repository's tally.json", () => {
  it("names the project and brings personas", () => {
    const text = '{"name": "Shop", "personas": [{"name": "work", "agent": "claude", "env": {"A": "1"}}]}';
    const parsed = parseTallyJson(text);
    assert.ok("content" in parsed);
    const { name, personas } = parsed.content;
    assert.deepEqual([name, personas], ["Shop", [{ name: "work", agent: "claude", args: [], env: { A: "1" } }]]);
  });

  it("may have keys that are not ours", () => {
    assert.equal(problemOf('{"version": 3, "worktrees": {"setup": "npm ci"}}'), "none");
  });

  const right: readonly [what: string, content: object][] = [
    ["a prelude and no command", { prelude: "workon shop &&" }],
    ["a path that is both copied and shared", { copy: ["data/db"], symlink: ["data/db"] }],
    ["a folder of its own as the folder to run in", { setup: [{ run: "make", cwd: "." }] }],
    ["no agent", { agent: null }],
  ];
  for (const [what, content] of right) {
    it(`may have ${what}`, () => assert.equal(problemOf(JSON.stringify(content)), "none"));
  }

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
  const ofWorktrees: readonly [what: string, content: object, says: RegExp][] = [
    ["a base that git would take for an option", { base: "--all" }, /: base: .* does not begin with a dash/],
    ["a pattern that is no list", { copy: ".env" }, /: copy: Write a list of patterns\./],
    ["a shared path out of the repository", { symlink: ["../db"] }, /symlink\[0\]: Name a path inside the repository/],
    ["a shared path of git's own", { symlink: ["lib/.git"] }, /symlink\[0\]: Name a path inside the repository/],
    ["a port below 1024", { ports: { web: 80 } }, /ports\.web: Use a port from 1024 on\./],
    ["a port's name with a space", { ports: ["my web"] }, /ports\[0\]: Use a letter, then letters/],
    ["ports that are one number", { ports: 8000 }, /: ports: Write a list of names, or each with the first port/],
    ["ports of one variable", { ports: ["a-b", "a_b"] }, /: ports: a-b and a_b would both be TALLY_PORT_A_B\. Rename/],
    ["setup that is no list", { setup: "npm ci" }, /: setup: Write a list of commands\./],
    ["a command that is none", { setup: [3] }, /setup\[0\]: Write the shell line, or \{"run"/],
    ["a command without a line", { teardown: [{ cwd: "a" }] }, /teardown\[0\]\.run: Write the shell line to run\./],
    [
      "a time that is none",
      { setup: [{ run: "a", timeout: "5" }] },
      /setup\[0\]\.timeout: Write it as 30s, 10m or 2h\./,
    ],
    [
      "a folder outside",
      { setup: [{ run: "a", cwd: "/tmp" }] },
      /setup\[0\]\.cwd: Name a folder inside the repository/,
    ],
    ["processes without names", { processes: ["npm start"] }, /: processes: Write commands by name\./],
    [
      "a process's key that is none",
      { processes: { a: { run: "b", prot: "a" } } },
      /processes\.a: Unrecognized key: "prot"/,
    ],
    [
      "a process on a port that there is not",
      { ports: ["web"], processes: { a: { run: "b", port: "api" } } },
      /processes\.a\.port: there is no port api\. Add it to ports, or name one of: web\./,
    ],
  ];
  const told = [
    ...wrong,
    ...ofWorktrees.map(([what, content, says]) => [what, JSON.stringify(content), says] as const),
  ];
  for (const [what, text, says] of told) {
    it(`is told what is wrong, and where, with ${what}`, () => assert.match(problemOf(text), says));
  }

  it("is told of in one short line, whatever it holds", () => {
    const problem = problemOf(
      ofPersona(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`\u202e\n${i}`, 1]))),
    );
    assert.ok(problem.length <= 400 && !/[\u202e\n]/.test(problem));
  });
});

describe("how worktrees are made, as tally.json says,", () => {
  const recipe = (content: object) => recipeOf(tallyJsonSchema.parse(content));

  it("has all that may be left out filled in", () => {
    assert.deepEqual(recipe({}), {
      base: null,
      copy: null,
      symlink: [],
      ports: [],
      prelude: null,
      setup: [],
      teardown: [],
      processes: [],
      agent: undefined,
    });
    const { setup, processes } = recipe({ setup: ["npm ci"], processes: { web: "npm start" } });
    assert.deepEqual(setup, [{ run: "npm ci", cwd: "", timeoutMs: 900_000, retries: 0 }]);
    assert.deepEqual(processes, [{ name: "web", run: "npm start", cwd: "", port: null, env: {}, autostart: true }]);
  });

  it("gives ports that are only named the usual first ones", () => {
    assert.deepEqual(recipe({ ports: ["backend", "frontend", "mail"] }).ports, [
      { name: "backend", from: 8000 },
      { name: "frontend", from: 5000 },
      { name: "mail", from: 9000 },
    ]);
  });

  it("gives a process the port that is named as it is, or the one that it names", () => {
    const { processes } = recipe({ ports: ["web", "api"], processes: { web: "a", server: { run: "b", port: "api" } } });
    assert.deepEqual(
      processes.map(({ port }) => port),
      ["web", "api"],
    );
  });

  it("has one form for a path", () => {
    const { symlink, setup } = recipe({ symlink: ["./a//b/"], setup: [{ run: "make", cwd: "./a/" }] });
    assert.deepEqual([symlink, setup[0]?.cwd], [["a/b"], "a"]);
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
