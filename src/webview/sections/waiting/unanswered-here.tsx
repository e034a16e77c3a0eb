import { useMemo } from "preact/hooks";
import { requestHeading } from "../../../presentation/request-heading.ts";
import { nodeId } from "../../../presentation/tree-nodes.ts";
import type { Session } from "../../../protocol/entities.ts";
import { visible } from "../../../protocol/visible.ts";
import { runCommand } from "../../host.ts";
import { Button } from "../../parts/button.tsx";
import { Detail } from "./detail.tsx";
import { shownDetail, whyNotAnswerable } from "./request-shown.ts";

interface UnansweredHereProps {
  readonly session: Session;
  readonly isUnfolded: boolean;
  readonly onUnfold: (isUnfolded: boolean) => void;
}

/** What a session waits for that takes its answer elsewhere: all of it, and where. */
export function UnansweredHere({ session, isUnfolded, onUnfold }: UnansweredHereProps) {
  const { request, mode, reason } = session;
  const detail = useMemo(() => shownDetail({ detail: request?.detail ?? "" }), [request?.detail]);
  return (
    <>
      <p class="ask-what">
        {request?.kind === "permission" ? "Wants your permission: " : ""}
        {request === null ? visible(reason.text) : <strong>{requestHeading(request)}</strong>}
      </p>
      <Detail detail={detail} isUnfolded={isUnfolded} onUnfold={onUnfold} />
      <div class="ask-answer">
        {mode === "pty" || mode === "headless" ? (
          <Button
            kind="primary"
            icon={mode === "pty" ? "terminal" : "output"}
            onClick={() => runCommand("showTerminal", nodeId.session(session.id))}
          >
            {mode === "pty" ? "Show Terminal" : "Show Output"}
          </Button>
        ) : null}
        <span class="ask-hint">{whyNotAnswerable(session)}</span>
      </div>
    </>
  );
}
