import { messageOf } from "../../../protocol/message-of.ts";
import type { RequestAnswer } from "../../../protocol/requests.ts";
import { Refused } from "../../refused.ts";

/** How far an answer has come. */
export type Answering =
  | { readonly step: "open" }
  | { readonly step: "sending"; readonly choice: RequestAnswer["choice"] }
  | { readonly step: "sent"; readonly choice: RequestAnswer["choice"] }
  /** It was answered elsewhere in the meantime. */
  | { readonly step: "gone" }
  /** In words for the person, with whether it can have arrived. */
  | { readonly step: "failed"; readonly words: string };

/** How far an answer has come that nobody says was taken. */
export function afterRefusal(error: unknown): Answering {
  const message = messageOf(error);
  const isRefused = error instanceof Refused;
  if (isRefused && error.code === "request-gone") return { step: "gone" };
  const isNotSent = isRefused && !error.mayHaveArrived;
  return { step: "failed", words: `${isNotSent ? "Not sent" : "Nobody knows whether it arrived"}: ${message}` };
}
