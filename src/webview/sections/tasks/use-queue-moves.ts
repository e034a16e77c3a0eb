import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { messageOf } from "../../../protocol/message-of.ts";
import type { Move } from "../../../presentation/queue-drop.ts";
import { call } from "../../host.ts";
import { dropInQueue, type Half, stepInQueue } from "./queue-moves.ts";
import type { QueueMoves } from "./queue-row.tsx";

interface Marked {
  readonly id: string;
  readonly half: Half;
}

export interface MovingQueue {
  readonly moves: QueueMoves;
  /** The row on which what is dragged would be dropped now. */
  readonly marked: Marked | null;
  readonly failure: string | null;
  /** Where the last one came to, for a screen reader. */
  readonly said: string;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** Puts what waits into another order: by dragging, by buttons, and by Alt with the arrow keys. The gateway moves; the page only asks. */
export function useQueueMoves(order: readonly string[], isMovable: boolean): MovingQueue {
  const [marked, setMarked] = useState<Marked | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const latest = useRef({ order, marked });
  latest.current = { order, marked };
  const dragged = useRef<string | null>(null);
  const moved = useRef<string | null>(null);

  useEffect(() => {
    const id = moved.current;
    if (id === null || !order.includes(id)) return;
    moved.current = null;
    setSaid(`Number ${order.indexOf(id) + 1} of ${order.length} that wait.`);
  }, [order]);

  const moves = useMemo((): QueueMoves => {
    const ask = async (id: string, move: Move | null) => {
      if (move === null) return;
      moved.current = id;
      try {
        await call("moveTask", { param: id, body: move });
        setFailure(null);
      } catch (error) {
        moved.current = null;
        setFailure(messageOf(error));
      }
    };
    const forget = () => {
      dragged.current = null;
      setMarked(null);
    };
    return {
      step: (id, step) => void ask(id, stepInQueue(latest.current.order, id, step)),
      dragStart: (id, event) => {
        dragged.current = id;
        if (!event.dataTransfer) return;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", id);
      },
      dragOver: (id, event) => {
        if (dragged.current === null) return;
        const half = halfOf(event);
        const before = latest.current.marked;
        const move = dropInQueue(latest.current.order, dragged.current, id, half);
        if (move === null) {
          if (before !== null) setMarked(null);
          return;
        }
        // Only where it could be dropped.
        event.preventDefault();
        if (before?.id !== id || before.half !== half) setMarked({ id, half });
      },
      drop: (id, event) => {
        event.preventDefault();
        const from = dragged.current;
        const half = halfOf(event);
        forget();
        if (from !== null) void ask(from, dropInQueue(latest.current.order, from, id, half));
      },
      dragEnd: forget,
    };
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowUp" ? "up" : event.key === "ArrowDown" ? "down" : null;
    const row = (event.target as HTMLElement).closest(".task-row");
    const id = row?.querySelector<HTMLElement>("[data-task]")?.dataset["task"];
    if (!event.altKey || step === null || id === undefined || !isMovable || !order.includes(id)) return;
    event.preventDefault();
    moves.step(id, step);
  };
  return { moves, marked, failure, said, onKeyDown };
}

function halfOf(event: DragEvent): Half {
  const { top, height } = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return event.clientY < top + height / 2 ? "upper" : "lower";
}
