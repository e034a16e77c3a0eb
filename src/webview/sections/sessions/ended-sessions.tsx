import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import * as z from "zod";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useSaved } from "../../saved-state.ts";

/** So many are shown at once; there can be hundreds. */
const SHOWN = 20;

interface EndedSessionsProps {
  /** The latest first. */
  readonly ids: readonly string[];
  /** What they are found by. */
  readonly search: string;
  readonly rowOf: (id: string) => ComponentChildren;
}

/** The sessions that have ended, folded away until they are asked for; those that are searched for are. */
export function EndedSessions({ ids, search, rowOf }: EndedSessionsProps) {
  const [isUnfolded, setUnfolded] = useSaved("sessions.ended", z.boolean(), false);
  const [foldedSearch, setFoldedSearch] = useState("");
  const isSearching = search.trim() !== "";
  const isOpen = isSearching ? foldedSearch !== search : isUnfolded;
  const toggle = () => (isSearching ? setFoldedSearch(isOpen ? search : "") : setUnfolded(!isOpen));
  const [shown, setShown] = useState(SHOWN);
  const more = Math.min(SHOWN, ids.length - shown);
  return (
    <>
      <button type="button" id="ended-sessions" class="fold" aria-expanded={isOpen} onClick={toggle}>
        <Icon name={isOpen ? "chevron-down" : "chevron-right"} />
        Ended <span class="section-count">{ids.length}</span>
      </button>
      {isOpen ? <ul class="session-list session-list-ended">{ids.slice(0, shown).map(rowOf)}</ul> : null}
      {isOpen && more > 0 ? (
        <Button id="more-ended-sessions" onClick={() => setShown(shown + SHOWN)}>
          Show {more} More
        </Button>
      ) : null}
    </>
  );
}
