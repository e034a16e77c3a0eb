import { useEffect, useRef, useState } from "preact/hooks";
import type { DashboardConnection, ToDashboard } from "../protocol/dashboard.ts";
import { applyChanges, emptyModel, type Model, modelFromSnapshot } from "../protocol/model.ts";

/** What this page knows. Replaced, never mutated. */
export interface LiveState {
  /** Null until the extension has told of it for the first time. */
  readonly model: Model | null;
  readonly connection: DashboardConnection;
}

let state: LiveState = { model: null, connection: "connecting" };
const listeners = new Set<() => void>();
let frame = 0;

/** Takes a message of the extension. False when it does not follow what is known: then all of it has to be told again. */
export function applyMessage(message: Extract<ToDashboard, { type: "model" | "changes" | "connection" }>): boolean {
  switch (message.type) {
    case "model":
      setState({ model: modelFromSnapshot(message.snapshot), connection: message.connection });
      return true;
    case "connection":
      setState({ ...state, connection: message.connection });
      return true;
    case "changes": {
      if (state.model?.seq !== message.from) return false;
      const { changes, from } = message;
      setState({ ...state, model: applyChanges(state.model, from + changes.length, changes) });
      return true;
    }
  }
}

/** However many changes come, the page is drawn at most once a frame. */
function setState(next: LiveState): void {
  state = next;
  if (frame !== 0) return;
  frame = requestAnimationFrame(() => {
    frame = 0;
    for (const listener of listeners) listener();
  });
}

/** Whether anything was ever told of the gateway's store: until then nothing is there to be shown, which is not the same as none. */
export function isKnown({ model }: LiveState): boolean {
  return model !== null && model.storeId !== "";
}

/** A part of what is known; the component is drawn again when that part is another one, by `isSame`. */
export function useLive<T>(select: (state: LiveState) => T, isSame: (a: T, b: T) => boolean = Object.is): T {
  const latest = useRef<{ select: (state: LiveState) => T; value: T }>(undefined);
  const selected = select(state);
  const value = latest.current && isSame(latest.current.value, selected) ? latest.current.value : selected;
  latest.current = { select, value };
  const [, redraw] = useState(0);
  useEffect(() => {
    // What throws does so once more as it is drawn, where that is caught; here it would keep others from being told.
    const isStill = (before: { select: (state: LiveState) => T; value: T }) => {
      try {
        return isSame(before.value, before.select(state));
      } catch {
        return false;
      }
    };
    const listener = () => {
      const { current } = latest;
      if (current && !isStill(current)) redraw((count) => count + 1);
    };
    listeners.add(listener);
    // What changed between the drawing and now.
    listener();
    return () => void listeners.delete(listener);
  }, []);
  return value;
}

/** The same of the model alone, which is empty until something is known. */
export function useModel<T>(select: (model: Model) => T, isSame?: (a: T, b: T) => boolean): T {
  return useLive(({ model }) => select(model ?? emptyModel), isSame);
}

/** Whether two lists have the very same items: a change replaces what it changes. */
export function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
