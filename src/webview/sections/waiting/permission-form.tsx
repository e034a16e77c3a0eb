import { useMemo } from "preact/hooks";
import { requestHeading } from "../../../presentation/request-heading.ts";
import { Button } from "../../parts/button.tsx";
import { denial } from "./answer-draft.ts";
import { Detail } from "./detail.tsx";
import type { FormProps } from "./form-props.ts";
import { shownDetail } from "./request-shown.ts";

/** A permission in full; it can be allowed once all of it is shown. */
export function PermissionForm({ request, title, draft, onDraft, isBusy, isSettled, onSend }: FormProps) {
  const detail = useMemo(() => shownDetail(request), [request]);
  const isWhole = draft.isUnfolded || detail.beginning === detail.whole;
  const deny = () => onSend(denial(draft));
  return (
    <>
      <p class="ask-what">
        Wants your permission: <strong>{requestHeading(request)}</strong>
      </p>
      <Detail
        detail={detail}
        isUnfolded={draft.isUnfolded}
        onUnfold={(isUnfolded) => onDraft({ ...draft, isUnfolded })}
      />
      <div class="ask-answer">
        <Button
          kind="primary"
          icon="check"
          label={`Allow: ${title}`}
          disabled={isBusy || !isWhole}
          isInert={!isSettled}
          onClick={() => onSend({ choice: "allow" })}
        >
          Allow
        </Button>
        <Button icon="close" label={`Deny: ${title}`} disabled={isBusy} isInert={!isSettled} onClick={deny}>
          Deny
        </Button>
        <input
          type="text"
          class="ask-why"
          placeholder="Why (optional)"
          aria-label="If you deny it: why, for the agent"
          maxLength={10_000}
          value={draft.denyWords}
          disabled={isBusy}
          onInput={({ currentTarget }) => onDraft({ ...draft, denyWords: currentTarget.value })}
          onKeyDown={(event) => {
            const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey);
            if (isSend && draft.denyWords.trim() !== "") deny();
          }}
        />
      </div>
      {isWhole ? null : <p class="ask-hint">It can be allowed once all of it is shown.</p>}
    </>
  );
}
