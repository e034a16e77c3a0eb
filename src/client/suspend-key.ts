/** Ctrl-Z: the control byte, kitty's CSI u, xterm's modifyOtherKeys. */
const suspendKeys = ["\x1a", "\x1b[122;5u", "\x1b[122;5:1u", "\x1b[27;5;122~"];

export function hasSuspendKey(input: Buffer): boolean {
  return suspendKeys.some((key) => input.includes(key, 0, "latin1"));
}
