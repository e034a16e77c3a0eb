import type { IParser, Terminal } from "@xterm/headless";
import type { KeyboardStack } from "./keyboard-stack.ts";
import {
  emptyKeyboardStack,
  enterKeyboardStack,
  leaveKeyboardStack,
  popFlags,
  pushFlags,
  setFlags,
} from "./keyboard-stack.ts";

/** DEC private modes that are simply on or off, with their state after a reset. 2026, synchronized output, is left out: replayed as on it would freeze a viewer. */
const privateModeDefaults: ReadonlyMap<number, boolean> = new Map([
  [1, false],
  [5, false],
  [6, false],
  [7, true],
  [25, true],
  [45, false],
  [66, false],
  [1004, false],
  [1007, false],
  [2004, false],
  [2031, false],
  [2048, false],
]);
/** Those that a soft reset (DECSTR) resets; the rest it leaves. As xterm.js does it. */
const softResetModes: readonly number[] = [1, 6, 7, 25, 45, 66, 1004, 2004];
/** Of these at most one is in force: the one set last. Resetting any turns all of them off. */
const mouseProtocols: readonly number[] = [9, 1000, 1002, 1003];
const mouseEncodings: readonly number[] = [1005, 1006, 1015, 1016];
const ansiModes: readonly number[] = [4, 20];

/** Setting the region moves the cursor. */
const LEAVE_SCROLL_REGION = "\x1b7\x1b[r\x1b8";

const MAX_TITLE_CHARS = 500;

type ScreenName = "normal" | "alternate";

export interface ScrollRegion {
  /** First and last row of the region, from 0. */
  readonly top: number;
  readonly bottom: number;
}

/** Everything a program can switch on in a terminal that is not text: what a snapshot has to bring back, and `restore` to undo. */
export class TerminalModes {
  screen: ScreenName = "normal";
  title = "";
  readonly #private = new Map<number, boolean>();
  readonly #ansi = new Set<number>();
  readonly #regions = new Map<ScreenName, ScrollRegion>();
  readonly #keyboard = new Map<ScreenName, KeyboardStack>();
  #mouseProtocol: number | null = null;
  #mouseEncoding: number | null = null;
  #cursorStyle = 0;
  #modifyOtherKeys = 0;
  #drawsLines = false;
  readonly #savedDrawsLines = new Map<ScreenName, boolean>();

  isOn(mode: number): boolean {
    return this.#private.get(mode) ?? privateModeDefaults.get(mode) ?? false;
  }

  /** The scroll region of the screen in use, null for the whole screen. */
  get scrollRegion(): ScrollRegion | null {
    return this.#regions.get(this.screen) ?? null;
  }

  setPrivate(mode: number, on: boolean): void {
    if (privateModeDefaults.has(mode)) this.#private.set(mode, on);
    else if (mouseProtocols.includes(mode)) this.#mouseProtocol = on ? mode : null;
    else if (mouseEncodings.includes(mode)) this.#mouseEncoding = on ? mode : null;
    else if (mode === 1048) this.#saveOrRestoreCursor(on);
    else if (mode === 47 || mode === 1047) this.screen = on ? "alternate" : "normal";
    else if (mode === 1049) {
      // The cursor saved and restored is the main screen's.
      if (on) this.#saveOrRestoreCursor(true);
      this.screen = on ? "alternate" : "normal";
      if (!on) this.#saveOrRestoreCursor(false);
    }
  }

  /** Whether the saved cursor of the screen in use draws lines. */
  get savedDrawsLines(): boolean {
    return this.#savedDrawsLines.get(this.screen) ?? false;
  }

  /** `ESC 7` */
  saveCursor(): void {
    this.#saveOrRestoreCursor(true);
  }

  /** `ESC 8`: of all modes only line drawing is saved and restored with the cursor. */
  restoreCursor(): void {
    this.#saveOrRestoreCursor(false);
  }

  setAnsi(mode: number, on: boolean): void {
    if (!ansiModes.includes(mode)) return;
    if (on) this.#ansi.add(mode);
    else this.#ansi.delete(mode);
  }

  setScrollRegion(region: ScrollRegion | null): void {
    if (region) this.#regions.set(this.screen, region);
    else this.#regions.delete(this.screen);
  }

  setCursorStyle(style: number): void {
    this.#cursorStyle = style >= 0 && style <= 6 ? style : 0;
  }

  setModifyOtherKeys(level: number): void {
    this.#modifyOtherKeys = level;
  }

  /** `ESC ( 0` and `ESC ( B`: whether letters stand for line drawing characters. */
  setLineDrawing(on: boolean): void {
    this.#drawsLines = on;
  }

  changeKeyboard(change: (stack: KeyboardStack) => KeyboardStack): void {
    this.#keyboard.set(this.screen, change(this.#keyboardOf(this.screen)));
  }

  /** Every resize sets the scroll regions back to the whole screen. */
  resized(): void {
    this.#regions.clear();
  }

  softReset(): void {
    for (const mode of softResetModes) this.#private.delete(mode);
    this.#ansi.delete(4);
    this.#regions.delete(this.screen);
    this.#savedDrawsLines.delete(this.screen);
    this.#cursorStyle = 0;
    this.#drawsLines = false;
  }

  fullReset(): void {
    this.screen = "normal";
    this.#private.clear();
    this.#ansi.clear();
    this.#regions.clear();
    this.#keyboard.clear();
    this.#mouseProtocol = null;
    this.#mouseEncoding = null;
    this.#cursorStyle = 0;
    this.#modifyOtherKeys = 0;
    this.#drawsLines = false;
    this.#savedDrawsLines.clear();
  }

  /** What enters the alternate screen from a main screen that was just drawn; empty when the program is on the main screen. */
  enterScreen(): string {
    if (this.screen === "normal") return "";
    return `${enterKeyboardStack(this.#keyboardOf("normal"))}\x1b[?1049h\x1b[H`;
  }

  /** What a fresh terminal needs after its cells are drawn. Cursor visibility is always said: not every reset shows the cursor again. */
  enterModes(): string {
    let sequences = this.#drawsLines ? "\x1b(0" : "";
    for (const mode of this.#ansi) sequences += `\x1b[${mode}h`;
    for (const [mode, normally] of privateModeDefaults) {
      // Origin mode moves the cursor, so that whoever places the cursor sets it.
      if (mode === 6 || mode === 25) continue;
      if (this.isOn(mode) !== normally) sequences += `\x1b[?${mode}${normally ? "l" : "h"}`;
    }
    if (this.#mouseProtocol !== null) sequences += `\x1b[?${this.#mouseProtocol}h`;
    if (this.#mouseEncoding !== null) sequences += `\x1b[?${this.#mouseEncoding}h`;
    if (this.#cursorStyle !== 0) sequences += `\x1b[${this.#cursorStyle} q`;
    if (this.#modifyOtherKeys !== 0) sequences += `\x1b[>4;${this.#modifyOtherKeys}m`;
    sequences += enterKeyboardStack(this.#keyboardOf(this.screen));
    if (this.title) sequences += `\x1b]2;${this.title}\x07`;
    return sequences + (this.isOn(25) ? "\x1b[?25h" : "\x1b[?25l");
  }

  /** What undoes the modes that are still on, so that the terminal can go on with something else. Empty when all is as it was. */
  restore(): string {
    let sequences = leaveKeyboardStack(this.#keyboardOf(this.screen));
    if (this.scrollRegion) sequences += LEAVE_SCROLL_REGION;
    if (this.screen === "alternate") {
      sequences += `\x1b[?1049l${leaveKeyboardStack(this.#keyboardOf("normal"))}`;
      if (this.#regions.has("normal")) sequences += LEAVE_SCROLL_REGION;
    }
    for (const [mode, normally] of privateModeDefaults) {
      if (this.isOn(mode) !== normally) sequences += `\x1b[?${mode}${normally ? "h" : "l"}`;
    }
    for (const mode of this.#ansi) sequences += `\x1b[${mode}l`;
    if (this.#mouseEncoding !== null) sequences += `\x1b[?${this.#mouseEncoding}l`;
    if (this.#mouseProtocol !== null) sequences += `\x1b[?${this.#mouseProtocol}l`;
    if (this.#cursorStyle !== 0) sequences += "\x1b[0 q";
    if (this.#modifyOtherKeys !== 0) sequences += "\x1b[>4m";
    if (this.#drawsLines) sequences += "\x1b(B";
    return sequences;
  }

  setTitle(title: string): void {
    this.title = title.replace(/\p{Cc}/gu, "").slice(0, MAX_TITLE_CHARS);
  }

  #saveOrRestoreCursor(save: boolean): void {
    if (save) this.#savedDrawsLines.set(this.screen, this.#drawsLines);
    else this.#drawsLines = this.savedDrawsLines;
  }

  #keyboardOf(screen: ScreenName): KeyboardStack {
    return this.#keyboard.get(screen) ?? emptyKeyboardStack;
  }
}

/** Keeps `modes` up to date with what `terminal` parses. Every handler lets the terminal's own one act too. */
export function trackModes(terminal: Terminal, modes: TerminalModes): void {
  const { parser } = terminal;
  const onCsi = (id: Parameters<IParser["registerCsiHandler"]>[0], handle: (params: readonly number[]) => void) =>
    parser.registerCsiHandler(id, (params) => {
      // Subparameters come as nested arrays; no mode has any.
      handle(params.map((param) => (typeof param === "number" ? param : 0)));
      return false;
    });
  const onEsc = (id: Parameters<IParser["registerEscHandler"]>[0], handle: () => void) =>
    parser.registerEscHandler(id, () => {
      handle();
      return false;
    });

  onCsi({ prefix: "?", final: "h" }, (numbers) => numbers.forEach((mode) => modes.setPrivate(mode, true)));
  onCsi({ prefix: "?", final: "l" }, (numbers) => numbers.forEach((mode) => modes.setPrivate(mode, false)));
  onCsi({ final: "h" }, (numbers) => numbers.forEach((mode) => modes.setAnsi(mode, true)));
  onCsi({ final: "l" }, (numbers) => numbers.forEach((mode) => modes.setAnsi(mode, false)));
  onEsc({ final: "=" }, () => modes.setPrivate(66, true));
  onEsc({ final: ">" }, () => modes.setPrivate(66, false));
  onEsc({ intermediates: "(", final: "0" }, () => modes.setLineDrawing(true));
  for (const final of ["A", "B"]) onEsc({ intermediates: "(", final }, () => modes.setLineDrawing(false));
  onEsc({ final: "7" }, () => modes.saveCursor());
  onEsc({ final: "8" }, () => modes.restoreCursor());
  onCsi({ final: "s" }, () => modes.saveCursor());
  onCsi({ final: "u" }, () => modes.restoreCursor());
  onCsi({ intermediates: " ", final: "q" }, ([style = 1]) => modes.setCursorStyle(style));
  onCsi({ final: "r" }, ([first = 0, last = 0]) => {
    const top = Math.max(first, 1) - 1;
    const bottom = (last === 0 || last > terminal.rows ? terminal.rows : last) - 1;
    if (bottom > top) modes.setScrollRegion(top === 0 && bottom === terminal.rows - 1 ? null : { top, bottom });
  });
  onCsi({ prefix: ">", final: "u" }, ([flags = 0]) => modes.changeKeyboard((stack) => pushFlags(stack, flags)));
  onCsi({ prefix: "<", final: "u" }, ([count = 1]) => modes.changeKeyboard((stack) => popFlags(stack, count)));
  onCsi({ prefix: "=", final: "u" }, ([flags = 0, how = 1]) =>
    modes.changeKeyboard((stack) => setFlags(stack, flags, how)),
  );
  onCsi({ prefix: ">", final: "m" }, ([resource, level = 0]) => {
    if (resource === 4) modes.setModifyOtherKeys(level);
  });
  onCsi({ prefix: ">", final: "n" }, ([resource]) => {
    if (resource === 4) modes.setModifyOtherKeys(0);
  });
  onCsi({ intermediates: "!", final: "p" }, () => modes.softReset());
  onEsc({ final: "c" }, () => modes.fullReset());
  terminal.onResize(() => modes.resized());
  terminal.onTitleChange((title) => modes.setTitle(title));
}
