import assert from "node:assert/strict";
import { type CommandEntry, commandNames, commands, type HelpEntry } from "../../../../src/cli/command-table.ts";
import type { CliContext } from "../../../../src/cli/context.ts";
import { flagsOf, flagsOfCommand } from "../../../../src/cli/completion/flags.ts";
import { UsageError } from "../../../../src/cli/usage.ts";

/** Whatever it is asked for, it is there; it must only not be called. A command that reads its arguments first refuses them before it does anything. */
const untouched: CliContext = new Proxy(() => undefined, {
  get: () => untouched,
  apply: () => assert.fail("It did something before it had read its arguments."),
}) as unknown as CliContext;

const entryOf = (fields: Partial<HelpEntry>): HelpEntry => ({ usage: "x", summary: "", details: [], ...fields });
const named = (fields: Partial<HelpEntry>) => flagsOf(entryOf(fields)).map(({ name, value }) => [name, value]);

describe("the flags of a command", () => {
  it("are those of its usage line, with their values", () => {
    assert.deepEqual(named({ usage: "pause [agent] [--for 2h|--until 3pm] [--reason TEXT] [--json]" }), [
      ["--for", "2h"],
      ["--until", "3pm"],
      ["--reason", "TEXT"],
      ["--json", null],
    ]);
  });

  it("are those of its details, wherever they are named there", () => {
    const details = [
      "A name means it. --trust approves, unasked.",
      "--new NAME   one; --from REF: what it begins from",
    ];
    assert.deepEqual(named({ details }), [
      ["--trust", null],
      ["--new", "NAME"],
      ["--from", "REF"],
    ]);
  });

  it("take no word of the column beside them for a value", () => {
    assert.deepEqual(named({ details: ["--csv           RFC 4180, one row a task"] }), [["--csv", null]]);
  });

  it("are not those of other commands that it mentions", () => {
    assert.deepEqual(
      named({ details: ["(`tally show <id> --why`) does not count", "tally list --all shows them"] }),
      [],
    );
  });

  it("have short ones too", () => {
    const details = ["logs     its log; -f follows it, -n <lines> sets how much"];
    assert.deepEqual(named({ details }), [
      ["-f", null],
      ["-n", "<lines>"],
    ]);
  });

  it("say what they do, where a line of the help is theirs", () => {
    const [flag] = flagsOf(
      entryOf({ usage: "add [--from REF]", details: ["--from REF      what it begins from; or not"] }),
    );
    assert.equal(flag?.about, "what it begins from");
  });

  describe("are taken by the command itself:", () => {
    for (const name of commandNames) {
      const { load, actions = {} }: CommandEntry = commands[name];
      for (const action of ["", ...Object.keys(actions)]) {
        it(`${name} ${action}`.trim(), async () => {
          const { run } = await load();
          for (const flag of flagsOfCommand(name, action || null)) {
            const words = [...leading(name, action), flag.name, ...(flag.value === null ? [] : ["value"])];
            await assert.rejects(
              async () => run([...words, "--no-such-option"], untouched),
              (error) => {
                assert.ok(error instanceof UsageError, `${flag.name}: ${String(error)}`);
                assert.match(error.message, /--no-such-option/, flag.name);
                return true;
              },
            );
          }
        });
      }
    }
  });
});

/** The first word, where a command wants an action there. */
function leading(name: string, action: string): string[] {
  if (action !== "") return [action];
  const wanted: Readonly<Record<string, string[]>> = {
    process: ["logs"],
    queue: ["list"],
    gateway: ["logs"],
    api: ["GET", "/v1/health"],
  };
  return wanted[name] ?? [];
}
