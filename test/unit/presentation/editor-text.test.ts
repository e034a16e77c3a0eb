import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  labelText,
  messageText,
  promptText,
  terminalName,
  withoutIcons,
  withoutLinks,
} from "../../../src/presentation/editor-text.ts";

const hostile = "[ok](command:workbench.action.quit)";
/** As the editor's notifications and input boxes find links, after they have made spaces of the ends of lines. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
/** As the editor's labels find icons; with a backslash it is text. */
const icon = /(?<!\\)\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;

describe("text without links", () => {
  const table: readonly [what: string, text: string][] = [
    ["runs a command", hostile],
    ["runs a command, with a title of its own", '[ok](command:x?%5B1%5D "Nothing happens")'],
    ["goes to a page", "[ok](https://example.com)"],
    ["opens a file", "[ok](FILE:///etc/passwd)"],
    ["goes over two lines", "[o\nk](command:x)"],
    ["stands in another one", "[a [b](command:x)](command:y)"],
  ];
  for (const [what, text] of table) {
    it(`holds none that ${what}`, () => {
      assert.match(text, link);
      assert.doesNotMatch(withoutLinks(text).replaceAll("\n", " "), link);
    });
  }

  for (const text of ["a [b", "[", "]( [", "[ok](", "[a] [b"]) {
    it(`draws nothing into a link of ours that follows: ${text}`, () => {
      const ours = "[Show](command:tally.show)";
      assert.deepEqual(link.exec(`${withoutLinks(text)} ${ours}`)?.[0], ours);
    });
  }

  it("is as it was where it held none", () => {
    const text = "[ -f x ] && npm test (all)";
    assert.equal(withoutLinks(text), text);
  });
});

describe("text without icons", () => {
  /** What a label shows that knows icons: a backslash takes back the meaning of what follows it, and is not shown itself. */
  const shown = (text: string) => text.replace(/\\(\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\))/g, "$1");

  for (const text of ["$(trash)", "echo $(date)", "$(sync~spin)", "$($(a))", "\\$(trash)", "$(cat a b)", "$5 (a)"]) {
    it(`looks as it is written: ${text}`, () => {
      assert.doesNotMatch(withoutIcons(text), icon);
      assert.equal(shown(withoutIcons(text)), text);
    });
  }
});

describe("a title from elsewhere", () => {
  const title = `${hostile} $(trash)\nnext\u202e line\u0007`;

  it("is one line of plain text in a message", () => {
    const expected = "[ok] (command:workbench.action.quit) $(trash) next<U+202E> line<U+0007>";
    assert.equal(messageText(title), expected);
  });

  it("is one line of plain text in a list and in the status bar", () => {
    const expected = "[ok](command:workbench.action.quit) \\$(trash) next<U+202E> line<U+0007>";
    assert.equal(labelText(title), expected);
  });

  it("is neither link nor icon below an input box", () => {
    assert.equal(promptText(`${hostile} $(trash)`), "[ok] (command:workbench.action.quit) \\$(trash)");
  });

  it("is neither link nor icon as the name of a terminal, where no backslash may be seen", () => {
    assert.equal(terminalName(`${hostile} $(trash)`), "[ok] (command:workbench.action.quit) $ (trash)");
  });

  it("leaves no bracket open where it was cut in the middle of a link", () => {
    assert.doesNotMatch(messageText(`${"x".repeat(997)}${hostile}`), /\[/);
  });
});
