import assert from "node:assert/strict";
import { mock } from "node:test";
import { ViewerInput } from "../../../src/ptyhost/viewer-input.ts";

const BACKGROUND_REPLY = "\x1b]11;rgb:0000/0000/0000\x1b\\";

function makeInput({ isAnswering = false, expectsCursorReply = false } = {}) {
  const forwarded: { text: string; typed: boolean }[] = [];
  const input = new ViewerInput({
    isAnswering: () => isAnswering,
    expectsCursorReply: () => expectsCursorReply,
    forward: ({ bytes, isTyped }) => void forwarded.push({ text: bytes.toString(), typed: isTyped }),
  });
  return { forwarded, receive: (text: string) => input.receive(Buffer.from(text)) };
}

describe("a viewer's input", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("passes the answering viewer's replies on", () => {
    const { forwarded, receive } = makeInput({ isAnswering: true });
    receive(BACKGROUND_REPLY);
    assert.deepEqual(forwarded, [{ text: BACKGROUND_REPLY, typed: false }]);
  });

  it("drops the replies of any other viewer, and nothing else", () => {
    const { forwarded, receive } = makeInput();
    receive(`a${BACKGROUND_REPLY}b`);
    assert.deepEqual(forwarded, [{ text: "ab", typed: true }]);
  });

  it("drops the Program Status Protocol's answer even of the answering viewer", () => {
    const { forwarded, receive } = makeInput({ isAnswering: true });
    receive("\x1b]7501;?\x1b\\");
    assert.deepEqual(forwarded, []);
  });

  it("forwards focus and mouse reports, but does not count them as typing", () => {
    const { forwarded, receive } = makeInput();
    receive("\x1b[I");
    assert.deepEqual(forwarded, [{ text: "\x1b[I", typed: false }]);
  });

  it("takes a position for F3 while no cursor query is outstanding", () => {
    const { forwarded, receive } = makeInput();
    receive("\x1b[1;2R");
    assert.equal(forwarded.length, 1);
  });

  it("drops a position after a cursor query", () => {
    const { forwarded, receive } = makeInput({ expectsCursorReply: true });
    receive("\x1b[1;2R");
    assert.deepEqual(forwarded, []);
  });

  it("never delays the answering viewer's escape key", () => {
    const { forwarded, receive } = makeInput({ isAnswering: true });
    receive("\x1b");
    assert.deepEqual(forwarded, [{ text: "\x1b", typed: true }]);
  });

  it("delays another viewer's escape key by 10 ms", () => {
    const { forwarded, receive } = makeInput();
    receive("\x1b");
    assert.deepEqual(forwarded, []);
    mock.timers.tick(10);
    assert.deepEqual(forwarded, [{ text: "\x1b", typed: true }]);
  });

  it("passes the beginning of a reply on as typed when its rest does not come", () => {
    const { forwarded, receive } = makeInput();
    receive("\x1b]11;rgb:00");
    mock.timers.tick(100);
    assert.deepEqual(forwarded, [{ text: "\x1b]11;rgb:00", typed: true }]);
  });
});
