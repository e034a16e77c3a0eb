const ESC = 0x1b;
const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;

/**
 * Shortens a flood of text for the screen model: text that scrolls out of the scrollback again need not be drawn. Returns what to
 * draw instead, or null when nothing can be left out.
 *
 * Sound only for a terminal on its normal screen, without a scroll region, whose parser is at the start of a sequence, and when `keepLines` is
 * at least its scrollback plus twice its rows: the lines after the cut then push out everything before them, the rest of
 * a screen that the cursor had been moved up in included. What the left out text did to the pen is kept.
 */
export function skim(flood: Buffer, keepLines: number): Buffer | null {
  const end = plainTextEnd(flood);
  let cut = end;
  for (let lines = 0; lines < keepLines; lines++) {
    cut = cut === 0 ? -1 : flood.lastIndexOf(LF, cut - 1);
    if (cut === -1) return null;
  }
  // The cut is made in front of the line feed, where a carriage return before it has set the column whatever came first.
  while (cut !== -1 && flood[cut - 1] !== CR) cut = cut === 0 ? -1 : flood.lastIndexOf(LF, cut - 1);
  if (cut <= 1) return null;
  return Buffer.concat([penChanges(flood.subarray(0, cut)), Buffer.of(CR), flood.subarray(cut)]);
}

/** Whether a parser that has read `bytes` is certainly at the start of a sequence, when `before` says whether it was before them. */
export function endsBetweenSequences(bytes: Buffer, before: boolean): boolean {
  const escape = bytes.lastIndexOf(ESC);
  const tail = escape === -1 ? bytes : bytes.subarray(escape);
  if (hasC1(tail)) return false;
  if (escape === -1) return before;
  const sequence = tail.subarray(1, 1024).toString("latin1");
  // In an OSC the bell ends it; were it aborted before, the bell would mean nothing.
  if (sequence.startsWith("]")) return sequence.includes("\x07");
  return /^(\[[0-?]*[ -/]*[@-~]|\\|[()][0-~]|[78=>MDEHc])/.test(sequence);
}

/** How far `bytes` are text, line breaks, tabs and SGR sequences, nothing else. */
function plainTextEnd(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x20 && byte !== 0x7f) {
      if (byte === 0xc2 && isC1Continuation(bytes[at + 1])) return at;
      at++;
    } else if (byte === LF || byte === CR || byte === TAB) {
      at++;
    } else if (byte === ESC) {
      const end = sgrEnd(bytes, at);
      if (end === -1) return at;
      at = end;
    } else {
      return at;
    }
  }
  return at;
}

/** The SGR sequences of plain text from the last one on that resets the pen: together they do to the pen what the whole text does. */
function penChanges(text: Buffer): Buffer {
  const changes: Buffer[] = [];
  for (let at = text.lastIndexOf(ESC); at !== -1; at = at === 0 ? -1 : text.lastIndexOf(ESC, at - 1)) {
    const end = sgrEnd(text, at);
    changes.push(text.subarray(at, end));
    const resets = end - at === 3 || (end - at === 4 && text[at + 2] === 0x30);
    if (resets) break;
  }
  return Buffer.concat(changes.reverse());
}

/** The offset after the SGR sequence that starts at `at`, or -1 when none does. */
function sgrEnd(bytes: Buffer, at: number): number {
  if (bytes[at + 1] !== 0x5b) return -1;
  let end = at + 2;
  for (; end < bytes.length; end++) {
    const byte = bytes[end] ?? 0;
    const isParameter = byte >= 0x30 && byte <= 0x3b;
    if (!isParameter) break;
  }
  return bytes[end] === 0x6d ? end + 1 : -1;
}

/** C1 controls, of which some start sequences as ESC does, are two bytes in UTF-8. One that is cut in two counts. */
function hasC1(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(0xc2); at !== -1; at = bytes.indexOf(0xc2, at + 1)) {
    if (at + 1 === bytes.length || isC1Continuation(bytes[at + 1])) return true;
  }
  return false;
}

function isC1Continuation(byte: number | undefined): boolean {
  return byte === undefined || (byte >= 0x80 && byte <= 0x9f);
}
