import type { AgentRequest, RequestAnswer } from "../../../protocol/requests.ts";
import type { AnswerDraft } from "./answer-draft.ts";

/** What every form for an answer works on. */
export interface FormProps {
  readonly request: AgentRequest;
  /** Whose request it is, for a screen reader. */
  readonly title: string;
  readonly draft: AnswerDraft;
  readonly onDraft: (draft: AnswerDraft) => void;
  /** Nothing can be sent while an answer is under way. */
  readonly isBusy: boolean;
  /** Whether it stands there long enough for a click to be meant for it. */
  readonly isSettled: boolean;
  readonly onSend: (answer: RequestAnswer) => void;
}
