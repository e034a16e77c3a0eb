import type { AgentRequest, RequestAnswer } from "../../../protocol/requests.ts";
import { type AnswerDraft, emptyDraft } from "./answer-draft.ts";
import { AnswerState } from "./answer-state.tsx";
import { PermissionForm } from "./permission-form.tsx";
import { QuestionForm } from "./question-form.tsx";
import { useAnswering } from "./use-answering.ts";
import { useSettled } from "./use-settled.ts";

interface AskedProps {
  readonly sessionId: string;
  readonly request: AgentRequest;
  readonly title: string;
  /** What names the card and where it stands. */
  readonly position: string;
  readonly draft: AnswerDraft | undefined;
  readonly onDraft: (draft: AnswerDraft) => void;
  /** An answer is under way: the form takes nothing more, so the keyboard's focus has to be elsewhere. */
  readonly onSending: () => void;
}

/** A request that can be answered here. */
export function Asked({ sessionId, request, title, position, draft = emptyDraft, onDraft, onSending }: AskedProps) {
  const isSettled = useSettled(position);
  const { answering, send } = useAnswering(sessionId, request.id);
  const isBusy = answering.step !== "open" && answering.step !== "failed";
  const onSend = (answer: RequestAnswer) => {
    if (isBusy || !isSettled) return;
    onSending();
    send(answer);
  };
  const Form = request.kind === "permission" ? PermissionForm : QuestionForm;
  return (
    <>
      <Form
        request={request}
        title={title}
        draft={draft}
        onDraft={onDraft}
        isBusy={isBusy}
        isSettled={isSettled}
        onSend={onSend}
      />
      <AnswerState answering={answering} />
    </>
  );
}
