import { useState } from "preact/hooks";
import { waitingSessions } from "../../../presentation/tree-model.ts";
import type { Session } from "../../../protocol/entities.ts";
import type { Model } from "../../../protocol/model.ts";
import { sameItems, useModel } from "../../live-state.ts";
import { Button } from "../../parts/button.tsx";
import { Section } from "../../parts/section.tsx";
import { isSessionFound } from "../sessions/session-place.ts";
import { useFoundTasks } from "../tasks/use-found-tasks.ts";
import { Announced } from "./announced.tsx";
import { cardKey, draftKey } from "./card-key.ts";
import { FailedLately } from "./failed-lately.tsx";
import { stuckTasks, unknownSessions } from "./needs-you.ts";
import { OtherNeeds } from "./other-needs.tsx";
import { useDrafts } from "./use-drafts.ts";
import { WaitingCard } from "./waiting-card.tsx";

/** More forms at once are of no use, and cost the page its speed. */
const SHOWN = 20;

/** Who waits for the person, and what else does not go on without them. */
export function WaitingSection({ search }: { readonly search: string }) {
  const waiting = useModel(waitingSessions, sameItems);
  const found = useModel((model) => foundIn(model, waitingSessions(model), search), sameItems);
  const [shown, setShown] = useState(SHOWN);
  const more = Math.min(SHOWN, found.length - shown);
  const isTaskFound = useFoundTasks(search);
  const unknown = useModel(unknownSessions, sameItems);
  const foundUnknown = useModel((model) => foundIn(model, unknownSessions(model), search), sameItems);
  const stuck = useModel(stuckTasks, sameItems);
  const foundStuck = stuck.filter(isTaskFound);
  const { drafts, keep } = useDrafts(waiting.map(draftKey));
  const keys = found.slice(0, shown).map(cardKey);
  const count = waiting.length + unknown.length + stuck.length;
  const foundCount = found.length + foundUnknown.length + foundStuck.length;
  return (
    <>
      <Section id="waiting" title="Needs You" count={countWords(count, search.trim() === "" ? null : foundCount)}>
        {count === 0 ? <p class="empty">Nobody waits for you.</p> : null}
        {found.length === 0 ? null : (
          <div class="asks">
            {found.slice(0, shown).map((session, place) => (
              <WaitingCard
                key={keys[place] ?? session.id}
                session={session}
                above={keys.slice(0, place).join("\n")}
                draft={drafts[draftKey(session)]}
                onDraft={keep}
              />
            ))}
          </div>
        )}
        {more > 0 ? <Button onClick={() => setShown(shown + SHOWN)}>Show {more} More</Button> : null}
        <OtherNeeds unknown={foundUnknown} stuck={foundStuck} />
        <FailedLately search={search} />
      </Section>
      <Announced waiting={waiting} />
    </>
  );
}

function foundIn(model: Model, sessions: readonly Session[], search: string): readonly Session[] {
  return sessions.filter((session) => isSessionFound(model, session, search));
}

/** How many there are, and while they are searched how many of them were found. */
function countWords(count: number, found: number | null): string {
  if (count === 0) return "";
  return found === null ? String(count) : `${found} of ${count}`;
}
