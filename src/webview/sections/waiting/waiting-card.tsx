import { memo } from "preact/compat";
import { useId, useRef } from "preact/hooks";
import { nodeId } from "../../../presentation/tree-nodes.ts";
import type { Session } from "../../../protocol/entities.ts";
import { oneLine } from "../../../protocol/visible.ts";
import { runCommand } from "../../host.ts";
import { useModel } from "../../live-state.ts";
import { useNow } from "../../now.ts";
import { IconButton } from "../../parts/button.tsx";
import { StateIcon } from "../../parts/state-icon.tsx";
import { sessionPlace } from "../sessions/session-place.ts";
import { type AnswerDraft, emptyDraft } from "./answer-draft.ts";
import { Asked } from "./asked.tsx";
import { cardKey, draftKey } from "./card-key.ts";
import { whyNotAnswerable } from "./request-shown.ts";
import { waitingSince } from "./since-words.ts";
import { UnansweredHere } from "./unanswered-here.tsx";

const MAX_TITLE_LENGTH = 120;

interface WaitingCardProps {
  readonly session: Session;
  /** Which cards are above it: when they change, this one moves. */
  readonly above: string;
  readonly draft: AnswerDraft | undefined;
  readonly onDraft: (key: string, draft: AnswerDraft) => void;
}

/** A session that waits, what for, and what it can be answered. */
export const WaitingCard = memo(function WaitingCard({ session, above, draft, onDraft }: WaitingCardProps) {
  const titleId = useId();
  const card = useRef<HTMLElement>(null);
  const now = useNow();
  const place = useModel((model) => sessionPlace(model, session));
  const key = cardKey(session);
  const { id, request, stateSince } = session;
  const title = oneLine(session.title, MAX_TITLE_LENGTH);
  const isAnsweredHere = request !== null && whyNotAnswerable(session) === null;
  return (
    <article ref={card} class="ask" data-row tabIndex={-1} aria-labelledby={titleId}>
      <header class="ask-head">
        <StateIcon state="WAITING_USER" />
        <h3 id={titleId} class="ask-title">
          {title}
        </h3>
        <span class="ask-place">{place}</span>
        <span class="ask-since">{waitingSince(stateSince, now)}</span>
        {isAnsweredHere && session.mode === "pty" ? (
          <IconButton
            icon="terminal"
            label={`Show Terminal: ${title}`}
            onClick={() => runCommand("showTerminal", nodeId.session(id))}
          />
        ) : null}
      </header>
      {isAnsweredHere ? (
        <Asked
          sessionId={id}
          request={request}
          title={title}
          position={`${above}\n${key}`}
          draft={draft}
          onDraft={(next) => onDraft(draftKey(session), next)}
          onSending={() => card.current?.focus()}
        />
      ) : (
        <UnansweredHere
          session={session}
          isUnfolded={draft?.isUnfolded ?? false}
          onUnfold={(isUnfolded) => onDraft(draftKey(session), { ...emptyDraft, isUnfolded })}
        />
      )}
    </article>
  );
});
