import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { AgentRequest, Question } from "../../../src/protocol/requests.ts";
import { fitsInNotification, noticeOf, requestText } from "../../../src/presentation/request-words.ts";
import { aReason, aRequest, aSession } from "../../support/entities.ts";

const hidden = "\u202e";

describe("whether a notification shows all of a request", () => {
  const table: readonly [why: string, fields: Partial<AgentRequest>, expected: boolean][] = [
    ["is short and one line", { title: "Bash", detail: "npm test" }, true],
    ["says nothing more than its title", { title: "Bash: npm test", detail: "" }, true],
    ["is long", { title: "Bash", detail: "x".repeat(200) }, false],
    ["is long only together", { title: "x".repeat(120), detail: "y".repeat(120) }, false],
    ["has a few lines", { detail: "npm test\n\ndescription: Run the tests" }, true],
    ["has many lines", { detail: "a\nb\nc\nd\ne" }, false],
    ["is indented", { detail: "if true\n  rm -rf /" }, false],
    ["has what we mark a line's end with", { detail: "npm test ⏎ rm" }, false],
    ["hides something behind spaces", { detail: `npm test${" ".repeat(50)}&& rm -rf /` }, false],
    ["has characters that cannot be seen", { detail: `npm test${hidden}` }, false],
    ["would be taken for a link", { detail: "[npm test](command:tally.allow)" }, false],
    ["would become part of a link of ours", { detail: "npm test [see" }, false],
    ["has brackets that are closed", { detail: "[ -f x ] && npm test" }, true],
    [
      "hides it in an answer's description",
      { kind: "question", questions: [aQuestion({ options: [option("a", "b  c")] })] },
      false,
    ],
  ];
  for (const [why, fields, expected] of table) {
    it(`is ${expected ? "yes" : "no"} when it ${why}`, () => {
      assert.equal(fitsInNotification(aRequest(fields)), expected);
    });
  }

  it("does not count what a question's detail repeats", () => {
    const options = ["Amber", "Sea green"].map((label) => option(label));
    const question = aQuestion({ text: "Which colour?", options });
    const request = { ...aQuestioning([question]), detail: `Which colour?\n${"- an answer\n".repeat(20)}` };
    assert.equal(fitsInNotification(request), true);
  });
});

describe("a notification of a permission", () => {
  it("says who wants to do what, and offers to allow it right there", () => {
    const notice = noticeOf(asking(aRequest({ title: "Bash: npm test", detail: "npm test" })));
    assert.equal(notice.text, "Fix the cart (claude) wants your permission: Bash: npm test");
    assert.deepEqual(labels(notice), ["Allow", "Deny"]);
  });

  it("says all of it, where the title does not", () => {
    const { text } = noticeOf(asking(aRequest({ title: "Run a command", detail: "npm test" })));
    assert.equal(text, "Fix the cart (claude) wants your permission: Run a command — npm test");
  });

  it("marks where a line ends, and does not say the first one twice", () => {
    const { text } = noticeOf(asking(aRequest({ title: "Bash: npm test", detail: "npm test\n\ndescription: Run it" })));
    assert.equal(text, "Fix the cart (claude) wants your permission: Bash: npm test ⏎ description: Run it");
  });

  it("does not take the end of another command for the whole one", () => {
    const { text } = noticeOf(asking(aRequest({ title: "Bash: test", detail: "npm test" })));
    assert.equal(text, "Fix the cart (claude) wants your permission: Bash: test — npm test");
  });

  it("offers to review what it cannot show in full, and not to allow it", () => {
    const notice = noticeOf(asking(aRequest({ title: "Bash: npm test", detail: `npm test\n${"x".repeat(300)}` })));
    assert.deepEqual(labels(notice), ["Review...", "Deny"]);
  });

  it("holds no link that an agent wrote, be it in the request or in the session's title", () => {
    const link = "[Show](command:tally.allow)";
    const request = aRequest({ title: link, detail: "" });
    for (const each of [request, { ...request, isAnswerable: false }]) {
      assert.doesNotMatch(noticeOf({ ...asking(each), title: link }).text, /\]\(/);
    }
  });

  it("has no bracket left open, which would draw its text into the next link", () => {
    const request = aRequest({ title: "Look [here", detail: "" });
    assert.doesNotMatch(noticeOf({ ...asking(request), title: "a [b" }).text, /\[/);
  });

  it("goes by its detail, whatever else comes with it", () => {
    const request = aRequest({ detail: "x".repeat(300), questions: [aQuestion()] });
    assert.deepEqual(labels(noticeOf(asking(request))), ["Review...", "Deny"]);
  });

  it("names the request that it shows, so that no other is allowed", () => {
    const [allow] = noticeOf(asking(aRequest({ id: "r7" }))).actions;
    assert.deepEqual(allow?.argument, { sessionId: "session1", requestId: "r7" });
  });
});

describe("a notification of what Tally cannot answer", () => {
  it("says what the agent waits for, and offers nothing but to show it", () => {
    const request = aRequest({ title: "May I run it?", detail: "", isAnswerable: false });
    assert.deepEqual(noticeOf(asking(request)), {
      text: "Fix the cart (claude) wants your permission: May I run it?",
      actions: [],
    });
  });

  it("says why we think that it waits, when the agent does not say what for", () => {
    const session = aSession({ state: "WAITING_USER", reason: aReason({ text: "Its title says so." }) });
    assert.equal(noticeOf(session).text, "Fix the cart (claude): Its title says so.");
  });
});

describe("a notification of a question", () => {
  const choices = [option("Blue"), option("Sea green")];

  it("offers the answers themselves when they are few and short", () => {
    const notice = noticeOf(asking(aQuestioning([aQuestion({ text: "Which colour?", options: choices })])));
    assert.equal(notice.text, "Fix the cart (claude) asks: Which colour?");
    assert.deepEqual(labels(notice), ["Blue", "Sea green"]);
    assert.deepEqual(
      notice.actions.map(({ argument }) => argument.choice),
      [0, 1],
    );
  });

  const others: readonly [why: string, questions: Question[]][] = [
    ["several may be chosen", [aQuestion({ options: choices, multiSelect: true })]],
    ["there are too many answers", [aQuestion({ options: ["a", "b", "c", "d"].map((label) => option(label)) })]],
    ["an answer is long", [aQuestion({ options: [option("x".repeat(40))] })]],
    ["an answer would be taken for a link", [aQuestion({ options: [option("a](command:b")] })]],
    ["there are several questions", [aQuestion({ options: choices }), aQuestion({ options: choices })]],
    ["there is no answer to choose", [aQuestion({ options: [] })]],
  ];
  for (const [why, questions] of others) {
    it(`offers to answer elsewhere when ${why}`, () => {
      assert.deepEqual(labels(noticeOf(asking(aQuestioning(questions)))), ["Answer..."]);
    });
  }
});

describe("a request in full", () => {
  it("is who asks where, and then all of the agent's words, line by line", () => {
    const request = aRequest({ title: "Bash", detail: "npm test\nrm -rf /" });
    assert.equal(
      requestText(asking(request), request),
      "Fix the cart (claude) wants your permission.\nIn /home/me/shop\n\n" +
        "The agent's own words, all of them:\n\nBash\n\nnpm test\nrm -rf /\n",
    );
  });

  it("shows what would be hidden", () => {
    const request = aRequest({ title: "Bash", detail: `npm test ${hidden}\u200b` });
    assert.match(requestText(asking(request), request), /npm test <U\+202E><U\+200B>\n$/);
  });

  it("lists the answers to its questions", () => {
    const options = [option("Blue", "like the sea"), option("Red")];
    const request = aQuestioning([aQuestion({ text: "Which colours?", options, multiSelect: true })]);
    assert.match(
      requestText(asking(request), request),
      /Which colours\?\n\(several answers possible\)\n {2}1\. Blue: like the sea\n {2}2\. Red\n$/,
    );
  });
});

function asking(request: AgentRequest) {
  return aSession({ state: "WAITING_USER", request });
}

function aQuestioning(questions: Question[]): AgentRequest {
  return aRequest({ kind: "question", title: "A question", detail: "", questions });
}

function aQuestion(fields: Partial<Question> = {}): Question {
  return { text: "Which?", header: null, options: [option("a")], multiSelect: false, ...fields };
}

function option(label: string, description: string | null = null) {
  return { label, description };
}

function labels({ actions }: ReturnType<typeof noticeOf>): string[] {
  return actions.map(({ label }) => label);
}
