import assert from "node:assert/strict";
import { answerTo, readAnswerOptions } from "../../../src/cli/answer/answer-from-options.ts";
import { askPerson } from "../../../src/cli/answer/ask-person.ts";
import { UsageError } from "../../../src/cli/usage.ts";
import type { AgentRequest, Question } from "../../../src/protocol/requests.ts";
import { aRequest } from "../../support/entities.ts";

const aQuestion = (fields: Partial<Question> = {}): Question => ({
  text: "Which colour?",
  header: null,
  options: ["Red", "Green", "Blue"].map((label) => ({ label, description: null })),
  multiSelect: false,
  ...fields,
});
const asking = (...questions: Question[]): AgentRequest => aRequest({ kind: "question", questions });

describe("an answer in options", () => {
  const given = (...options: [name: string, value?: string][]) =>
    readAnswerOptions(options.map(([name, value]) => ({ name, value })));
  const answer = (request: AgentRequest, ...options: [name: string, value?: string][]) => {
    const read = given(...options);
    assert.ok(read);
    return answerTo(request, read);
  };
  const refuses = (run: () => unknown, words: RegExp) =>
    assert.throws(run, (error) => error instanceof UsageError && words.test(error.message));

  it("is none where no option says one", () => {
    assert.equal(given(["json"], ["request", "r1"]), null);
  });

  it("allows, or denies and says why", () => {
    assert.deepEqual(answer(aRequest(), ["allow"]), { choice: "allow" });
    assert.deepEqual(answer(aRequest(), ["deny"]), { choice: "deny" });
    assert.deepEqual(answer(aRequest(), ["deny"], ["message", "Not now"]), { choice: "deny", message: "Not now" });
  });

  it("chooses by number, or says it in words, question by question in the order they were typed", () => {
    const request = asking(aQuestion(), aQuestion({ options: [] }), aQuestion({ multiSelect: true }));
    assert.deepEqual(answer(request, ["choose", "2"], ["text", "7"], ["choose", "1,3"]), {
      choice: "answers",
      answers: [["Green"], ["7"], ["Red", "Blue"]],
    });
  });

  it("cannot be two at once", () => {
    refuses(() => given(["allow"], ["deny"]), /exclude each other/);
    refuses(() => given(["choose", "1"], ["allow"]), /exclude each other/);
    refuses(() => given(["allow"], ["message", "because"]), /--message goes with --deny/);
  });

  it("must fit what is asked", () => {
    refuses(() => answer(asking(aQuestion()), ["allow"]), /It asks a question/);
    refuses(() => answer(aRequest(), ["choose", "1"]), /It wants a permission/);
  });

  it("must be one a question", () => {
    refuses(() => answer(asking(aQuestion(), aQuestion()), ["choose", "1"]), /wants 2 answers, and 1 came/);
  });

  it("chooses only what there is, and one where only one may be chosen", () => {
    for (const number of ["0", "4", "-1", "Red", "1.5", ""]) {
      refuses(
        () => answer(asking(aQuestion()), ["choose", number]),
        /There is no ".*" to choose\. Choose from 1 to 3\./,
      );
    }
    refuses(() => answer(asking(aQuestion()), ["choose", "1,2"]), /Only one can be chosen/);
  });
});

describe("a person at the prompt", () => {
  /** Types these lines, and then quits. */
  const answering = async (request: AgentRequest, ...lines: string[]) => {
    const told: string[] = [];
    const left = [...lines];
    const ask = () => Promise.resolve(left.shift() ?? null);
    const answer = await askPerson(request, { ask, tell: (text) => told.push(text) });
    return { answer, told, left };
  };

  it("allows with a", async () => {
    assert.deepEqual((await answering(aRequest(), "a")).answer, { choice: "allow" });
  });

  it("does nothing by Enter alone, or by another word", async () => {
    const { answer, left } = await answering(aRequest(), "", "  ", "y", "yes please", "1");
    assert.deepEqual([answer, left], [null, []]);
  });

  it("denies with d, and may say why", async () => {
    assert.deepEqual((await answering(aRequest(), "d", "")).answer, { choice: "deny" });
    assert.deepEqual((await answering(aRequest(), "D", " Use git mv ")).answer, {
      choice: "deny",
      message: "Use git mv",
    });
  });

  it("answers nothing when they quit, at any point", async () => {
    assert.deepEqual(await answering(aRequest(), "q", "a"), { answer: null, told: [], left: ["a"] });
    assert.equal((await answering(aRequest(), "d")).answer, null);
    assert.equal((await answering(asking(aQuestion(), aQuestion()), "1")).answer, null);
  });

  it("chooses an option by its number", async () => {
    assert.deepEqual((await answering(asking(aQuestion()), "3")).answer, { choice: "answers", answers: [["Blue"]] });
  });

  it("chooses several where several may be chosen, each once", async () => {
    const request = asking(aQuestion({ multiSelect: true }));
    assert.deepEqual((await answering(request, " 3, 1,3 ")).answer, { choice: "answers", answers: [["Blue", "Red"]] });
  });

  it("is asked again for a number that is not there", async () => {
    const { answer, told } = await answering(asking(aQuestion()), "4", "1,2", "", "1");
    assert.deepEqual(answer, { choice: "answers", answers: [["Red"]] });
    assert.deepEqual(told, ['There is no "4" to choose. Choose from 1 to 3.', "Only one can be chosen."]);
  });

  it("answers in words of their own, which may be a number where nothing is numbered", async () => {
    assert.deepEqual((await answering(asking(aQuestion()), "purple")).answer, {
      choice: "answers",
      answers: [["purple"]],
    });
    assert.deepEqual((await answering(asking(aQuestion({ options: [] })), "42")).answer, {
      choice: "answers",
      answers: [["42"]],
    });
  });
});
