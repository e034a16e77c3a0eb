import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Question } from "../../../../src/protocol/requests.ts";
import {
  answerOf,
  denial,
  emptyDraft,
  keptDrafts,
  pickOf,
  withOption,
  withOwn,
  withOwnWords,
} from "../../../../src/webview/sections/waiting/answer-draft.ts";
import { aRequest } from "../../../support/entities.ts";

function aQuestion(fields: Partial<Question> = {}): Question {
  const options = ["Red", "Green", "Blue"].map((label) => ({ label, description: null }));
  return { text: "Which colour?", header: null, options, multiSelect: false, ...fields };
}

const one = aQuestion();
const several = aQuestion({ multiSelect: true });
const open = aQuestion({ options: [] });

function asked(...questions: readonly Question[]) {
  return aRequest({ kind: "question", questions: [...questions] });
}

describe("an answer to a question", () => {
  it("is the option that was chosen last", () => {
    const draft = withOption(withOption(emptyDraft, 0, one, 0), 0, one, 2);
    assert.deepEqual(answerOf(asked(one), draft), { choice: "answers", answers: [["Blue"]] });
  });

  it("has several options in their order, and none that was taken back", () => {
    const chosen = [2, 0, 1, 1].reduce((draft, option) => withOption(draft, 0, several, option), emptyDraft);
    assert.deepEqual(answerOf(asked(several), chosen), { choice: "answers", answers: [["Red", "Blue"]] });
  });

  it("is the person's own words instead of an option", () => {
    const draft = withOwnWords(withOption(emptyDraft, 0, one, 0), 0, one, " Grey ");
    assert.deepEqual(answerOf(asked(one), draft), { choice: "answers", answers: [["Grey"]] });
  });

  it("is options and own words where several are possible", () => {
    const draft = withOwnWords(withOption(emptyDraft, 0, several, 0), 0, several, "Grey");
    assert.deepEqual(answerOf(asked(several), draft), { choice: "answers", answers: [["Red", "Grey"]] });
  });

  it("is an option again once one is chosen, and the words are kept", () => {
    const draft = withOption(withOwnWords(emptyDraft, 0, one, "Grey"), 0, one, 1);
    assert.deepEqual(answerOf(asked(one), draft), { choice: "answers", answers: [["Green"]] });
    assert.equal(pickOf(draft, 0, one).own, "Grey");
  });

  it("has no own words that were taken back", () => {
    const draft = withOwn(withOwnWords(withOption(emptyDraft, 0, several, 0), 0, several, "Grey"), 0, several, false);
    assert.deepEqual(answerOf(asked(several), draft), { choice: "answers", answers: [["Red"]] });
  });

  it("is own words alone where nothing is offered", () => {
    const draft = withOwnWords(emptyDraft, 0, open, "Grey");
    assert.deepEqual(answerOf(asked(open), draft), { choice: "answers", answers: [["Grey"]] });
  });

  it("tells options apart that have the same words", () => {
    const twins = aQuestion({ options: ["Yes", "Yes"].map((label) => ({ label, description: null })) });
    assert.deepEqual(pickOf(withOption(emptyDraft, 0, twins, 1), 0, twins).chosen, [1]);
  });
});

describe("an answer to several questions", () => {
  it("has one for each, in their order", () => {
    const draft = withOwnWords(withOption(emptyDraft, 1, one, 1), 0, open, "Grey");
    assert.deepEqual(answerOf(asked(open, one), draft), { choice: "answers", answers: [["Grey"], ["Green"]] });
  });

  it("is none before each has one", () => {
    assert.equal(answerOf(asked(one, one), withOption(emptyDraft, 1, one, 0)), null);
    assert.equal(answerOf(asked(one), withOwnWords(emptyDraft, 0, one, "  ")), null);
    assert.equal(answerOf(asked(), emptyDraft), null);
  });
});

describe("a denial", () => {
  it("says why where the person does", () => {
    assert.deepEqual(denial({ ...emptyDraft, denyWords: " Use git clean. " }), {
      choice: "deny",
      message: "Use git clean.",
    });
    assert.deepEqual(denial({ ...emptyDraft, denyWords: " " }), { choice: "deny" });
  });
});

describe("the drafts of answers", () => {
  it("are kept for what is still asked", () => {
    assert.deepEqual(keptDrafts({ "s1 r1": emptyDraft, "s1 r2": emptyDraft }, ["s1 r2"]), { "s1 r2": emptyDraft });
  });

  it("are the same while all of it is asked", () => {
    const drafts = { "s1 r1": emptyDraft };
    assert.equal(keptDrafts(drafts, ["s1 r1", "s2 r1"]), drafts);
  });
});
