import { useRef, useState } from "preact/hooks";
import type { RequestAnswer } from "../../../protocol/requests.ts";
import { call } from "../../host.ts";
import { afterRefusal, type Answering } from "./answering.ts";

export interface AnsweringActions {
  readonly answering: Answering;
  readonly send: (answer: RequestAnswer) => void;
}

/** Sends a person's answer to one request of a session, and to no other. */
export function useAnswering(sessionId: string, requestId: string): AnsweringActions {
  const [answering, setAnswering] = useState<Answering>({ step: "open" });
  // What is drawn lags behind: two clicks may come before it says that the first was taken.
  const isTaken = useRef(false);
  const send = (answer: RequestAnswer) => {
    if (isTaken.current) return;
    isTaken.current = true;
    const { choice } = answer;
    setAnswering({ step: "sending", choice });
    void call("answerSession", { param: sessionId, body: { requestId, answer } }).then(
      () => setAnswering({ step: "sent", choice }),
      (error: unknown) => {
        isTaken.current = false;
        setAnswering(afterRefusal(error));
      },
    );
  };
  return { answering, send };
}
