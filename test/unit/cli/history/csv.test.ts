import assert from "node:assert/strict";
import fc from "fast-check";
import { csvHeader, csvLine, csvRow } from "../../../../src/cli/history/csv.ts";
import { historyOf } from "../../../../src/server/history/history-of.ts";
import { noNumbers } from "../../../../src/server/history/task-numbers.ts";
import { aProject, aSession, aTask } from "../../../support/entities.ts";

/** The fields of one record, as RFC 4180 says them. */
function fieldsOf(line: string): string[] {
  assert.ok(line.endsWith("\r\n"));
  const fields: string[] = [];
  let rest = `${line.slice(0, -2)},`;
  while (rest !== "") {
    const match = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*)),/.exec(rest);
    assert.ok(match, `no field of RFC 4180 at: ${rest}`);
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    rest = rest.slice(match[0].length);
  }
  return fields;
}

describe("a history as CSV", () => {
  it("comes back as it was, whatever is in it", () => {
    const text = fc.string({ unit: "grapheme" }).map((each) => `x${each}`);
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (values) => assert.deepEqual(fieldsOf(csvLine(values)), values)),
    );
  });

  it("keeps the line breaks of a prompt", () => {
    assert.equal(csvLine(["one\ntwo", 'say "hi"', "a,b"]), '"one\ntwo","say ""hi""","a,b"\r\n');
  });

  for (const formula of ['=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"]) {
    it(`has no formula in ${JSON.stringify(formula)}`, () => {
      assert.equal(fieldsOf(csvLine([formula]))[0], `'${formula}`);
    });
  }

  it("has no formula in any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) =>
        assert.doesNotMatch(fieldsOf(csvLine([text]))[0] ?? "", /^\s*[=+\-@＝＋－＠]/),
      ),
    );
  });

  it("leaves numbers numbers, and what is not known empty", () => {
    assert.equal(csvLine([-1, 0.5, null, ""]), "-1,0.5,,\r\n");
  });

  it("tells a terminal nothing", () => {
    assert.equal(csvLine(["a\u001b[2Jb\u009bc"]), "a�[2Jb�c\r\n");
  });

  it("has a field in each row for each in its header", () => {
    const history = historyOf(aSession(), aProject(), noNumbers, 9_000);
    const task = aTask({ state: "ERROR", details: "It failed.", createdAt: 1_000, startedAt: 2_000, endedAt: 5_000 });
    const row = fieldsOf(csvRow(history, task));
    const names = fieldsOf(csvHeader);
    assert.equal(row.length, names.length);
    const told = Object.fromEntries(names.map((name, index) => [name, row[index]]));
    assert.deepEqual(
      [told["session"], told["project"], told["task"], told["execution_ms"], told["error"], told["started"]],
      ["session1", "shop", "task1", "3000", "It failed.", "1970-01-01T00:00:02.000Z"],
    );
  });
});
