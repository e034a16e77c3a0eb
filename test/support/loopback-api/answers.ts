import { deferred } from "../deferred.ts";

/** What the loopback API says to one request for a message. */
export type Answer =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tool"; readonly name: string; readonly input: Readonly<Record<string, unknown>> }
  | {
      readonly kind: "refusal";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly error: { readonly type: string; readonly message: string };
    };

/** A whole answer in prose: the turn ends with it. */
export function says(text: string): Answer {
  return { kind: "text", text };
}

/** The model asks for a tool; the agent comes back with the result, which is the next request. */
export function usesTool(name: string, input: Record<string, unknown>): Answer {
  return { kind: "tool", name, input };
}

/** The API refuses, for example with 429 and the headers that tell an agent which limit it has hit. */
export function refuses(
  status: number,
  error: { type: string; message: string },
  headers: Record<string, string> = {},
): Answer {
  return { kind: "refusal", status, error, headers };
}

/** One request for a message, as far as a script needs to look at it. */
export interface MessageRequest {
  readonly model: string;
  readonly stream: boolean;
  /** Names of the tools on offer. Agents ask for titles and the like without any; what has tools is a turn. */
  readonly tools: readonly string[];
  /** All text that the person or the agent put into the last user message. */
  readonly lastUserText: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Answers a turn; `turn` counts them from 0. May take its time: until it resolves, the agent is working. */
export type Script = (request: MessageRequest, turn: number) => Answer | Promise<Answer>;

/** An answer that the test lets go when it wants to. */
export interface HeldAnswer {
  readonly script: Script;
  /** Resolves once the agent asks, that is when its turn has begun. */
  readonly asked: Promise<void>;
  release(): void;
}

export function held(answer: Answer): HeldAnswer {
  const asked = deferred();
  const released = deferred();
  return {
    script: async () => {
      asked.resolve();
      await released.promise;
      return answer;
    },
    asked: asked.promise,
    release: () => released.resolve(),
  };
}
