import type { DashboardSection } from "../protocol/dashboard.ts";

export interface Place {
  readonly section?: DashboardSection | undefined;
  readonly sessionId?: string | undefined;
}

/** What is gone to may not be drawn yet, when the page has just been opened. */
const PATIENCE_FRAMES = 120;
/** After so many it is not what is yet to be drawn that hides it. */
const DRAWN_AFTER_FRAMES = 10;

/** Brings a part of the page, or a session in it, before the person, with the keyboard on it. */
export function goTo(place: Place): void {
  let left = PATIENCE_FRAMES;
  let folds = foldsOf(place);
  const attempt = () => {
    const element = elementOf(place);
    if (element) {
      element.scrollIntoView({ block: "start" });
      element.focus();
    } else if (left-- > 0) {
      folds = folds.filter((id) => !unfold(id));
      if (place.sessionId !== undefined && left < PATIENCE_FRAMES - DRAWN_AFTER_FRAMES) uncoverSession();
      requestAnimationFrame(attempt);
    }
  };
  // After what was told before has been drawn.
  requestAnimationFrame(attempt);
}

function elementOf({ section, sessionId }: Place): HTMLElement | null {
  if (sessionId !== undefined) return document.querySelector(`[data-session="${CSS.escape(sessionId)}"]`);
  return section === undefined ? null : document.querySelector(`#section-${section}[aria-expanded="true"]`);
}

/** What it may be folded in: what is folded is not drawn. */
function foldsOf({ section, sessionId }: Place): readonly string[] {
  if (sessionId !== undefined) return ["section-sessions", "ended-sessions"];
  return section === undefined ? [] : [`section-${section}`];
}

/** False while it is not drawn either. What the person folds again after that stays folded. */
function unfold(id: string): boolean {
  const fold = document.getElementById(id);
  if (fold?.ariaExpanded === "false") fold.click();
  return fold !== null;
}

/** It may be left out by the search, or by the many that ended after it. */
function uncoverSession(): void {
  document.getElementById("clear-search")?.click();
  document.getElementById("more-ended-sessions")?.click();
}
