import * as vscode from "vscode";
import type { GatewayClient } from "../client/http.ts";
import { hasSuspendKey } from "../client/suspend-key.ts";
import { TerminalView } from "../client/terminal-view.ts";
import type { Model } from "../protocol/model.ts";
import type { TallyError } from "../protocol/errors.ts";
import { OutputPacer, systemClock } from "./output-pacer.ts";
import type { ShownProgram } from "./shown-program.ts";
import { type Size, Viewport } from "./viewport.ts";

export interface TabPtyOptions {
  readonly client: GatewayClient;
  readonly program: ShownProgram;
  /** Whether the tab is made to be looked at at once; otherwise the editor's layout of it says when. */
  readonly isShown: boolean;
  /** The tab is looked at, but the editor keeps its size to itself. */
  readonly onUnsized: () => void;
  /** The tab has been looked at, and shows the program from now on. */
  readonly onAttached: () => void;
  /** The program cannot be shown (any more). */
  readonly onFailure: (error: TallyError) => void;
}

/** The size that the editor makes up for a tab in the background. */
const MADE_UP: Size = { cols: 80, rows: 30 };
/** Claude Code takes Ctrl-Z for a stop, says so, and waits to be continued; a tab has no shell whose `fg` would. */
const CONTINUE_AFTER_MS = 300;
/** By then the editor has told the size of a tab that came to the front. */
const LAYOUT_MS = 300;

/**
 * Lets a tab have its own size again: overrides only make a tab smaller. The documented `undefined` is ignored by the
 * extension host, as seen in VS Code 1.139.
 */
const NO_OVERRIDE: vscode.TerminalDimensions = { columns: 10_000, rows: 10_000 };

/**
 * The pseudoterminal of one session or process in one tab: a view of it, attached once the tab is shown and detached when the
 * tab is closed. The editor opens a tab in the background at a made-up size, which must not become the program's.
 */
export class TabPty implements vscode.Pseudoterminal {
  readonly programId: string;
  readonly #options: TabPtyOptions;
  readonly #write = new vscode.EventEmitter<string>();
  readonly #overrideSize = new vscode.EventEmitter<vscode.TerminalDimensions>();
  readonly #rename = new vscode.EventEmitter<string>();
  readonly #pacer: OutputPacer;
  #isActive = false;
  #sizeTimer: NodeJS.Timeout | undefined;
  #view: TerminalView | undefined;
  #viewport: Viewport | undefined;
  /** As it was told last. */
  #program: ShownProgram;
  #heldWords: string | null;
  #isOver = false;
  #tellOpened: () => void = () => undefined;

  /** Resolves when the editor has opened the tab. */
  readonly whenOpened = new Promise<void>((resolve) => (this.#tellOpened = resolve));
  readonly onDidWrite = this.#write.event;
  readonly onDidOverrideDimensions = this.#overrideSize.event;
  readonly onDidChangeName = this.#rename.event;

  constructor(options: TabPtyOptions) {
    this.#options = options;
    this.programId = options.program.id;
    this.#program = options.program;
    this.#heldWords = options.program.heldWords;
    this.#pacer = new OutputPacer({
      show: (text) => this.#write.fire(text),
      ack: (bytes) => this.#view?.ack(bytes),
      clock: systemClock,
    });
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.#tellOpened();
    if (dimensions) this.setDimensions(dimensions);
  }

  setDimensions({ columns: cols, rows }: vscode.TerminalDimensions): void {
    const isFirst = this.#viewport === undefined;
    this.#viewport ??= new Viewport({ cols, rows });
    const resized = this.#viewport.reported({ cols, rows });
    if (this.#view) {
      if (resized) this.#view.resize(resized.cols, resized.rows);
    } else if (isFirst ? this.#options.isShown : this.#isActive || resized) {
      // The editor lays out what is seen, and nothing else: now the size is the true one.
      this.#attach();
    }
  }

  /** The tab came to the front. */
  activated(): void {
    this.#isActive = true;
    if (this.#viewport && !this.#view) this.#sizeTimer ??= setTimeout(() => this.#attachAsSized(), LAYOUT_MS);
  }

  /** Whether it is a session, not a process. */
  get isSession(): boolean {
    return this.#program.session !== null;
  }

  /** Whether the worktree that it ran in was removed. Of a session elsewhere, what it wrote can still be read. */
  isOfWorktreeGone({ worktrees }: Model): boolean {
    const { worktreeId } = this.#program;
    return worktreeId !== null && !worktrees.has(worktreeId);
  }

  /** Whether the tab has been looked at, and shows the program since. */
  get isAttached(): boolean {
    return this.#view !== undefined;
  }

  /** Whether the tab was made in the background and has only a size that is not its own. */
  get isUnsized(): boolean {
    if (this.#options.isShown || this.#view) return false;
    return this.#viewport === undefined || isMadeUp(this.#viewport.own);
  }

  handleInput(data: string): void {
    const bytes = Buffer.from(data, "utf8");
    this.#view?.write(bytes);
    if (hasSuspendKey(bytes)) setTimeout(() => this.#view?.continueProgram(), CONTINUE_AFTER_MS);
  }

  close(): void {
    clearTimeout(this.#sizeTimer);
    this.#pacer.dispose();
    this.#view?.dispose();
  }

  /** The program has changed: a held one has another time to start at, or one that ended lives again. */
  update(program: ShownProgram): void {
    this.#program = program;
    if (this.#isOver && program.isLive) this.#attachAnew();
    const words = program.heldWords;
    if (words === null || words === this.#heldWords) return;
    this.#heldWords = words;
    if (this.#view) this.#sayHeld();
  }

  /** Shows the program's name on the tab. */
  rename(name: string): void {
    this.#rename.fire(name);
  }

  /** A tab that was laid out before it came to the front keeps its size, and the editor does not tell it again. */
  #attachAsSized(): void {
    if (this.isUnsized) this.#options.onUnsized();
    else this.#attach();
  }

  #attach(): void {
    clearTimeout(this.#sizeTimer);
    if (!this.#viewport || this.#view) return;
    const { client, program, onFailure, onAttached } = this.#options;
    this.#view = new TerminalView({
      client,
      sessionId: program.id,
      socket: program.socket,
      ...this.#viewport.own,
      answersQueries: true,
      onData: (bytes) => {
        this.#clearHeld();
        this.#pacer.push(bytes);
      },
      onSnapshot: ({ data, cols, rows }) => {
        this.#heldWords = null;
        this.#programSized({ cols, rows });
        this.#pacer.replace(data);
      },
      onSize: (size) => this.#programSized(size),
      onExit: ({ exitCode, signal, restore }) => {
        this.#isOver = true;
        this.#pacer.flush();
        this.#write.fire(restore);
        this.#clearHeld();
        this.#say(this.#program.endedWords(exitCode, signal));
      },
      onConnection: () => undefined,
      onFailure: (error) => {
        this.#pacer.flush();
        this.#say(error.message);
        onFailure(error);
      },
    });
    this.#sayHeld();
    onAttached();
  }

  /** It has ended and is resumed: the same tab shows it again. */
  #attachAnew(): void {
    this.#isOver = false;
    this.#view?.dispose();
    this.#view = undefined;
    this.#attach();
  }

  /** On a cleared terminal, so that a new time takes the place of the old one. */
  #sayHeld(): void {
    if (this.#heldWords === null) return;
    this.#pacer.replace("");
    this.#say(this.#heldWords);
  }

  /** What was held begins: its terminal is its own. */
  #clearHeld(): void {
    if (this.#heldWords === null) return;
    this.#heldWords = null;
    this.#pacer.replace("");
  }

  #programSized(size: Size): void {
    const override = this.#viewport?.sessionSized(size);
    if (override === null || !this.#viewport) return;
    this.#overrideSize.fire(override ? { columns: override.cols, rows: override.rows } : NO_OVERRIDE);
  }

  /** Lines of our own, told apart from the agent's output by being dim. */
  #say(text: string): void {
    this.#write.fire(`\r\n\x1b[0;2m[Tally] ${text.replaceAll("\n", "\r\n")}\x1b[0m\r\n`);
  }
}

function isMadeUp({ cols, rows }: Size): boolean {
  return cols === MADE_UP.cols && rows === MADE_UP.rows;
}
