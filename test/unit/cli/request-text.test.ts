import assert from "node:assert/strict";
import { formatRequest } from "../../../src/cli/screen/request-text.ts";
import { plain } from "../../../src/cli/screen/style.ts";
import { visible } from "../../../src/protocol/visible.ts";
import { wrapTo } from "../../../src/cli/screen/width.ts";
import { aRequest } from "../../support/entities.ts";

describe("text made visible", () => {
  it("shows controls instead of obeying them", () => {
    assert.equal(visible("\x1b[2Jrm\x08\x07\u009b1m\rls"), "<U+001B>[2Jrm<U+0008><U+0007><U+009B>1m<U+000D>ls");
  });

  it("shows what would turn the direction of writing", () => {
    assert.equal(visible("touch \u202egnp.exe\u2066"), "touch <U+202E>gnp.exe<U+2066>");
  });

  it("shows what has no width", () => {
    assert.equal(visible("a\u200bb\u2060c\ufeffd\u{e0041}e\u3164"), "a<U+200B>b<U+2060>c<U+FEFF>d<U+E0041>e<U+3164>");
  });

  it("keeps line breaks, and indents for tabs", () => {
    assert.equal(visible("a\r\nb\n\tc"), "a\nb\n    c");
  });

  it("keeps emoji whole", () => {
    for (const emoji of ["👩‍💻", "❤️", "👍🏽", "🏳️‍🌈"]) assert.equal(visible(emoji), emoji);
  });

  it("keeps the letters of every script", () => {
    for (const text of ["naïve", "שלום", "日本語", "हिन्दी"]) assert.equal(visible(text), text);
  });
});

describe("a line that is too long", () => {
  it("is broken between characters, and nothing of it is lost", () => {
    assert.deepEqual(wrapTo("abcdef", 4), ["abcd", "ef"]);
    assert.deepEqual(wrapTo("日本語", 5), ["日本", "語"]);
    assert.deepEqual(wrapTo("👩‍💻👩‍💻", 3), ["👩‍💻", "👩‍💻"]);
    assert.deepEqual(wrapTo("", 4), [""]);
  });
});

describe("a request in full", () => {
  const shown = (request: Parameters<typeof aRequest>[0], width: number | null = null) =>
    formatRequest(aRequest(request), { style: plain, width });

  it("marks every line that the agent wrote, so that none can pass for Tally's", () => {
    assert.deepEqual(shown({ title: "Bash: touch x", detail: "touch x\n[a]llow / [d]eny" }), [
      "It wants your permission: Bash: touch x",
      "│ touch x",
      "│ [a]llow / [d]eny",
    ]);
  });

  it("tells a line that the terminal is too narrow for from two lines", () => {
    assert.deepEqual(shown({ title: "Bash", detail: "echo abcdefgh\nls" }, 10).slice(1), [
      "│ echo abc",
      "╎ defgh",
      "│ ls",
    ]);
  });

  it("is shown to its last line, however long it is", () => {
    const detail = Array.from({ length: 5_000 }, (_, line) => `line ${line}`).join("\n");
    assert.equal(shown({ detail }).at(-1), "│ line 4999");
  });

  it("keeps its title on one line", () => {
    assert.equal(shown({ title: "Bash: a\nb\x1b[A" })[0], "It wants your permission: Bash: a b<U+001B>[A");
  });

  it("numbers the options of a question", () => {
    const options = [
      { label: "Red", description: "warm" },
      { label: "Blue", description: null },
    ];
    const question = { text: "Which colour?", header: "Colour", options, multiSelect: false };
    assert.deepEqual(shown({ kind: "question", title: "Which colour?", detail: "", questions: [question] }), [
      "It asks you: Which colour?",
      "│ Colour: Which colour?",
      "│   1. Red - warm",
      "│   2. Blue",
    ]);
  });

  it("numbers the questions where there are several", () => {
    const question = (text: string) => ({ text, header: null, options: [], multiSelect: false });
    const questions = [question("One?"), question("Two?")];
    const lines = shown({ kind: "question", title: "Two questions", detail: "One?\nTwo?", questions });
    assert.deepEqual(lines.slice(1), ["│ (1) One?", "│ (2) Two?"]);
  });

  it("shows what is to be known beside the questions", () => {
    const questions = [{ text: "Which?", header: null, options: [], multiSelect: false }];
    const lines = shown({ kind: "question", title: "Which?", detail: "Which?\nrm -r build", questions });
    assert.deepEqual(lines.slice(1), ["│ Which?", "│ rm -r build", "│ Which?"]);
  });
});
