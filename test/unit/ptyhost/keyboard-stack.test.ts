import assert from "node:assert/strict";
import {
  emptyKeyboardStack,
  enterKeyboardStack,
  leaveKeyboardStack,
  popFlags,
  pushFlags,
  setFlags,
} from "../../../src/ptyhost/keyboard-stack.ts";

describe("the kitty keyboard stack", () => {
  it("needs nothing to enter or leave when it is empty", () => {
    assert.equal(enterKeyboardStack(emptyKeyboardStack) + leaveKeyboardStack(emptyKeyboardStack), "");
  });

  it("is entered by the pushes that made it, and left by as many pops", () => {
    const stack = pushFlags(pushFlags(emptyKeyboardStack, 1), 7);
    assert.equal(enterKeyboardStack(stack), "\x1b[>1u\x1b[>7u");
    assert.equal(leaveKeyboardStack(stack), "\x1b[<2u");
  });

  it("pops what was pushed last", () => {
    assert.deepEqual(popFlags(pushFlags(pushFlags(emptyKeyboardStack, 1), 7), 1), [0, 1]);
  });

  it("is empty after more pops than pushes", () => {
    assert.deepEqual(popFlags(pushFlags(emptyKeyboardStack, 1), 5), [0]);
  });

  it("replaces, adds and takes flags of the entry in force", () => {
    const stack = pushFlags(emptyKeyboardStack, 0b001);
    assert.deepEqual(setFlags(stack, 0b110, 1), [0, 0b110]);
    assert.deepEqual(setFlags(stack, 0b110, 2), [0, 0b111]);
    assert.deepEqual(setFlags(stack, 0b001, 3), [0, 0]);
  });

  it("is bounded: the oldest entry goes", () => {
    let stack = emptyKeyboardStack;
    for (let flags = 0; flags < 100; flags++) stack = pushFlags(stack, flags % 32);
    assert.equal(stack.length, 16);
    assert.equal(stack.at(-1), 99 % 32);
  });
});
