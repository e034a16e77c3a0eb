/**
 * The progressive enhancement flags of the kitty keyboard protocol for one screen: the terminal keeps one such stack for the main
 * and one for the alternate screen. The last entry is in force; the first is what was there before any push.
 */
export type KeyboardStack = readonly [number, ...number[]];

export const emptyKeyboardStack: KeyboardStack = [0];

/** Real terminals bound their stacks too, and drop the oldest entry; without a bound a program could fill our memory. */
const MAX_ENTRIES = 16;
const ALL_FLAGS = 0b11111;

/** `CSI > flags u` */
export function pushFlags(stack: KeyboardStack, flags: number): KeyboardStack {
  const [base, ...pushed] = stack;
  return [base, ...pushed.slice(-(MAX_ENTRIES - 2)), flags & ALL_FLAGS];
}

/** `CSI < count u`: popping more than there is resets all flags. */
export function popFlags(stack: KeyboardStack, count: number): KeyboardStack {
  const [base, ...pushed] = stack;
  const pops = Math.max(count, 1);
  if (pops > pushed.length) return emptyKeyboardStack;
  return [base, ...pushed.slice(0, pushed.length - pops)];
}

/** `CSI = flags ; how u`: 1 replaces the flags in force, 2 adds to them, 3 takes from them. */
export function setFlags(stack: KeyboardStack, flags: number, how: number): KeyboardStack {
  const current = stack.at(-1) ?? 0;
  const wanted = flags & ALL_FLAGS;
  const next = how === 2 ? current | wanted : how === 3 ? current & ~wanted : wanted;
  const [base, ...pushed] = stack;
  return pushed.length === 0 ? [next] : [base, ...pushed.slice(0, -1), next];
}

/** What brings a terminal whose stack is empty to this one. */
export function enterKeyboardStack([base, ...pushed]: KeyboardStack): string {
  return (base === 0 ? "" : `\x1b[=${base};1u`) + pushed.map((flags) => `\x1b[>${flags}u`).join("");
}

/** What brings a terminal with this stack back to an empty one. */
export function leaveKeyboardStack([base, ...pushed]: KeyboardStack): string {
  return (pushed.length === 0 ? "" : `\x1b[<${pushed.length}u`) + (base === 0 ? "" : "\x1b[=0;1u");
}
