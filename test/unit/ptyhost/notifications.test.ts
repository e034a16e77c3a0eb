import assert from "node:assert/strict";
import { KittyNotifications, parseOsc777, parseOsc9, type Notification } from "../../../src/ptyhost/notifications.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("a notification by OSC 9", () => {
  it("is its text", () => {
    assert.deepEqual(parseOsc9("Agent turn complete"), { title: null, body: "Agent turn complete" });
  });

  it("may begin with a number", () => {
    assert.deepEqual(parseOsc9("3 files; 2 tests"), { title: null, body: "3 files; 2 tests" });
  });

  for (const payload of ["", " ", "4;1;50", "1;100", '2;"text"', "9;/tmp", "12", "11;comment"]) {
    it(`is not ${JSON.stringify(payload)}`, () => {
      assert.equal(parseOsc9(payload), null);
    });
  }
});

describe("a notification by OSC 777", () => {
  it("has a title and a body", () => {
    assert.deepEqual(parseOsc777("notify;Title;The body; all of it"), { title: "Title", body: "The body; all of it" });
  });

  it("is the title when there is nothing else", () => {
    assert.deepEqual(parseOsc777("notify;Title"), { title: null, body: "Title" });
  });

  for (const payload of ["", "notify", "notify;;", "precmd", "preexec;title;body"]) {
    it(`is not ${JSON.stringify(payload)}`, () => {
      assert.equal(parseOsc777(payload), null);
    });
  }
});

describe("a notification by OSC 99", () => {
  const read = (...payloads: readonly string[]): readonly Notification[] => {
    const kitty = new KittyNotifications();
    return payloads.map((payload) => kitty.read(payload)).filter((notification) => notification !== null);
  };

  it("is one line without any keys", () => {
    assert.deepEqual(read(";Hello world"), [{ title: null, body: "Hello world" }]);
  });

  it("comes in parts under one id", () => {
    assert.deepEqual(read("i=1:d=0;The ", "i=1:d=0;title", "i=1:d=0:p=body;The body, ", "i=1:p=body;all of it"), [
      { title: "The title", body: "The body, all of it" },
    ]);
  });

  it("is kept apart from others that come in parts at the same time", () => {
    assert.deepEqual(read("i=1:d=0;one", "i=2:d=0;two", "i=1:p=body;first", "i=2:p=body;second"), [
      { title: "one", body: "first" },
      { title: "two", body: "second" },
    ]);
  });

  it("is complete with a part that adds no text", () => {
    assert.deepEqual(read("i=1:d=0;Title", "i=1:d=1:p=icon;AAAA"), [{ title: null, body: "Title" }]);
  });

  it("may be base64, cut within a character", () => {
    const bytes = Buffer.from("漢字");
    const parts = [bytes.subarray(0, 2), bytes.subarray(2)].map((part) => part.toString("base64"));
    assert.deepEqual(read(`i=1:e=1:d=0:p=body;${parts[0] ?? ""}`, `i=1:e=1:p=body;${parts[1] ?? ""}`), [
      { title: null, body: "漢字" },
    ]);
  });

  it("has no control characters, in base64 neither", () => {
    assert.deepEqual(read(`e=1;${base64("a\x1b[2J\u202eb")}`), [{ title: null, body: "a[2Jb" }]);
  });

  for (const payload of ["", "i=1", "i=1:p=?;", "i=1:p=close;", "p=alive;", "p=icon;AAAA", ";"]) {
    it(`is not ${JSON.stringify(payload)}`, () => {
      assert.deepEqual(read(payload), []);
    });
  }

  it("is forgotten when too many others are begun before its end", () => {
    const begun = Array.from({ length: 8 }, (_, n) => `i=n${n}:d=0;other`);
    assert.deepEqual(read("i=1:d=0;Title", ...begun, "i=1:p=body;Body"), [{ title: null, body: "Body" }]);
  });

  it("is bounded, however many parts it has", () => {
    const endless = Array.from({ length: 1000 }, () => `i=1:d=0:p=body;${"x".repeat(4000)}`);
    assert.deepEqual(read(...endless, "i=1;"), [{ title: null, body: "x".repeat(1000) }]);
  });
});
