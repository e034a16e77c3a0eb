import { isatty } from "node:tty";
import type { Step } from "../../protocol/worktrees.ts";
import { type Style, styleFor } from "../screen/style.ts";
import { say, write } from "../talk.ts";
import { endedStepLine, linesInSight, rowsTaken, stepLines } from "./step-lines.ts";

/** Shows on stderr how far something is. */
export interface StepList {
  show(steps: readonly Step[]): void;
  /** A line that stays. */
  note(text: string): void;
  /** Leaves what is shown where it is. */
  end(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** On a terminal a list that is drawn again in its place, elsewhere a line for each step that is over. */
export function stepListFor(env: Environment): StepList {
  return isatty(2) && env["TERM"] !== "dumb" ? redrawnList(styleFor({ isTTY: true }, env)) : listOfLines();
}

function listOfLines(): StepList {
  const said = new Map<string, string>();
  return {
    show(steps) {
      for (const step of steps) {
        const line = endedStepLine(step);
        if (line === null || said.get(step.id) === line) continue;
        said.set(step.id, line);
        say(line);
      }
    },
    note: say,
    end: () => undefined,
  };
}

const REDRAW_EVERY_MS = 100;
const USUAL_SIZE = { columns: 80, rows: 24 };

/** Goes up so many rows, to the first column, and clears all below. */
const startOver = (rows: number) => `${rows > 0 ? `\x1b[${rows}A` : ""}\r\x1b[J`;

function redrawnList(style: Style): StepList {
  const startedAt = new Map<string, number>();
  let steps: readonly Step[] = [];
  let drawn: readonly string[] = [];
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  const elapsedMs = ({ id, state }: Step): number | null => {
    const at = startedAt.get(id);
    return state === "running" && at !== undefined ? performance.now() - at : null;
  };
  const draw = () => {
    const { columns, rows } = size();
    const lines = stepLines(steps, { style, width: columns, frame, elapsedMs });
    const above = rowsTaken(drawn, columns);
    drawn = linesInSight(lines, steps, Math.max(1, rows - 1));
    write(startOver(above) + drawn.map((line) => `${line}\n`).join(""));
  };
  const turn = () => {
    frame += 1;
    draw();
  };
  return {
    show(now) {
      for (const { id, state } of now) {
        if (state !== "running") startedAt.delete(id);
        else if (!startedAt.has(id)) startedAt.set(id, performance.now());
      }
      steps = now;
      timer ??= setInterval(turn, REDRAW_EVERY_MS).unref();
      draw();
    },
    note(text) {
      write(startOver(rowsTaken(drawn, size().columns)));
      drawn = [];
      say(text);
      if (steps.length > 0) draw();
    },
    end() {
      clearInterval(timer);
      timer = undefined;
      if (steps.length > 0) draw();
      drawn = [];
      steps = [];
    },
  };
}

/** Unlike that of an agent, this process's stderr is shared with nobody who would mind that it is looked at: see talk.ts. */
function size(): { columns: number; rows: number } {
  const { columns, rows } = process.stderr;
  return { columns: columns || USUAL_SIZE.columns, rows: rows || USUAL_SIZE.rows };
}
