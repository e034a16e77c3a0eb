import { Button } from "../../parts/button.tsx";
import { answerOf } from "./answer-draft.ts";
import type { FormProps } from "./form-props.ts";
import { QuestionFields } from "./question-fields.tsx";

/** All of an agent's questions in one form. */
export function QuestionForm({ request, title, draft, onDraft, isBusy, isSettled, onSend }: FormProps) {
  const answer = answerOf(request, draft);
  const send = () => {
    if (answer && !isBusy) onSend(answer);
  };
  return (
    <form
      class="ask-form"
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        send();
      }}
    >
      {request.questions.map((question, place) => (
        <QuestionFields key={place} question={question} place={place} draft={draft} onDraft={onDraft} isBusy={isBusy} />
      ))}
      <div class="ask-answer">
        <Button
          kind="primary"
          icon="send"
          label={`Send Answer: ${title}`}
          disabled={isBusy || answer === null}
          isInert={!isSettled}
          onClick={send}
        >
          Send Answer
        </Button>
        <Button
          icon="close"
          label={`Decline: ${title}`}
          disabled={isBusy}
          isInert={!isSettled}
          onClick={() => onSend({ choice: "deny" })}
        >
          Decline
        </Button>
      </div>
    </form>
  );
}
