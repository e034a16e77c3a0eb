import type { RequestAnswer } from "../../../protocol/requests.ts";
import { Failure } from "../../parts/failure.tsx";
import { Icon } from "../../parts/icon.tsx";
import type { Answering } from "./answering.ts";

const sentWords: Record<RequestAnswer["choice"], string> = {
  allow: "Allowed.",
  deny: "Denied.",
  answers: "Answered.",
};

/** What became of the answer. */
export function AnswerState({ answering }: { readonly answering: Answering }) {
  switch (answering.step) {
    case "open":
      return null;
    case "sending":
      return (
        <p class="ask-state" role="status">
          <Icon name="loading" className="spinning" /> Sending…
        </p>
      );
    case "sent":
      return (
        <p class="ask-state" role="status">
          <Icon name="check" /> {sentWords[answering.choice]}
        </p>
      );
    case "gone":
      return (
        <p class="ask-state" role="status">
          <Icon name="info" /> Answered elsewhere, or the agent no longer asks it. There is nothing left to do here.
        </p>
      );
    case "failed":
      return <Failure text={answering.words} />;
  }
}
