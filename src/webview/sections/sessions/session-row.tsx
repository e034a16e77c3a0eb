import { memo } from "preact/compat";
import { continuationInShort } from "../../../presentation/continuation-words.ts";
import { nodeId } from "../../../presentation/tree-nodes.ts";
import { shownState } from "../../../presentation/tree-order.ts";
import { age, costWords, sessionLabel, stateWords, tokenWords, waitsFor } from "../../../presentation/wording.ts";
import type { Session } from "../../../protocol/entities.ts";
import type { Model } from "../../../protocol/model.ts";
import { oneLine, visible } from "../../../protocol/visible.ts";
import { runCommand } from "../../host.ts";
import { useModel } from "../../live-state.ts";
import { RowButton } from "../../parts/row-button.tsx";
import { StateIcon } from "../../parts/state-icon.tsx";
import { sessionActions } from "./session-actions.ts";
import { SessionBar } from "./session-bar.tsx";
import { sessionPlace } from "./session-place.ts";
import type { Timeline, TimeWindow } from "./timeline.ts";

const MAX_TITLE_LENGTH = 120;
const MAX_REASON_LENGTH = 160;

interface SessionRowProps {
  readonly sessionId: string;
  readonly timeline: Timeline;
  /** What its bar is of. */
  readonly window: TimeWindow;
  readonly now: number;
  /** Whether the Tab key comes to it: of all rows it does so to one, and the arrow keys to the others. */
  readonly isCurrent: boolean;
  readonly onFocus: (sessionId: string) => void;
}

/** One session: what it is and does, what it was, and what can be done about it. */
export const SessionRow = memo(function SessionRow(props: SessionRowProps) {
  const { sessionId, timeline, window, now, isCurrent, onFocus } = props;
  const shown = useModel((model) => shownOf(model, sessionId), sameShown);
  if (!shown) return null;
  const { session, place, isPauseOver } = shown;
  const id = nodeId.session(sessionId);
  const tabIndex = isCurrent ? 0 : -1;
  const title = oneLine(session.title, MAX_TITLE_LENGTH);
  return (
    <li class="session-row" data-row onFocusCapture={() => onFocus(sessionId)}>
      <StateIcon state={shownState(session)} />
      <div class="session-name">
        <button
          type="button"
          class="row-title session-title"
          data-session={sessionId}
          tabIndex={tabIndex}
          aria-label={sessionLabel(session, now, { isPauseOver })}
          title={title}
          onClick={() => runCommand("showTerminal", id)}
        >
          {title}
        </button>
        <span class="session-place" title={session.cwd}>
          {place}
        </span>
      </div>
      <div class="session-doing" title={visible(session.reason.text)}>
        <span class="session-state">
          <span class="session-word">{stateWords[shownState(session)]}</span>
          <span class="session-since">
            {continuationInShort(session, now, isPauseOver) ?? age(session.stateSince, now)}
          </span>
        </span>
        <span class="session-reason">{waitsFor(session) ?? oneLine(session.reason.text, MAX_REASON_LENGTH)}</span>
      </div>
      <SessionBar timeline={timeline} endedAt={session.endedAt} window={window} now={now} />
      <div class="session-usage">
        <span>{session.usage === null ? "" : tokenWords(session.usage)}</span>
        <span>{session.usage === null ? "" : (costWords(session.usage) ?? "")}</span>
      </div>
      <div class="session-actions">
        {sessionActions(session).map(({ command, label, icon }) => (
          <RowButton
            key={command}
            action={{ icon, label, onClick: () => runCommand(command, id) }}
            title={title}
            tabIndex={tabIndex}
          />
        ))}
      </div>
    </li>
  );
});

interface Shown {
  readonly session: Session;
  readonly place: string;
  readonly isPauseOver: boolean;
}

function shownOf(model: Model, sessionId: string): Shown | null {
  const session = model.sessions.get(sessionId);
  if (!session) return null;
  const { continuation } = session;
  const isPauseOver = continuation !== null && !model.pauses.has(continuation.pauseId);
  return { session, place: sessionPlace(model, session), isPauseOver };
}

function sameShown(a: Shown | null, b: Shown | null): boolean {
  return a?.session === b?.session && a?.place === b?.place && a?.isPauseOver === b?.isPauseOver;
}
