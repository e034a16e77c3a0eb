import { deferred } from "../deferred.ts";

export type Block =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool"; readonly name: string; readonly input: Readonly<Record<string, unknown>> };

/** What the API charges for one answer. */
export interface TokenCounts {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
}

/** What the loopback API says to one request for a message. */
export type Answer =
  | { readonly kind: "message"; readonly blocks: readonly Block[]; readonly tokens: TokenCounts }
  | {
      readonly kind: "refusal";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly error: { readonly type: string; readonly message: string };
    };
export type Message = Extract<Answer, { kind: "message" }>;

const usualTokens: TokenCounts = {
  input_tokens: 10,
  output_tokens: 5,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};

function message(...blocks: Block[]): Message {
  return { kind: "message", blocks, tokens: usualTokens };
}

/** A whole answer in prose: the turn ends with it. */
export function says(text: string): Message {
  return message({ type: "text", text });
}

/** The model asks for a tool; the agent comes back with the result, which is the next request. */
export function usesTool(name: string, input: Record<string, unknown>): Message {
  return message({ type: "tool", name, input });
}

/** One answer with the blocks of all of these: words and a tool, or several tools at once. */
export function together(...messages: readonly Message[]): Message {
  return message(...messages.flatMap(({ blocks }) => blocks));
}

export function charging(tokens: Partial<TokenCounts>, answer: Message): Message {
  return { ...answer, tokens: { ...answer.tokens, ...tokens } };
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
  /** What the tools gave that the last answer asked for, in its order. */
  readonly toolResults: readonly string[];
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

/** A model that says nothing until the test does: every turn waits for its own answer. */
export interface PatientModel {
  readonly script: Script;
  /** The next turn, once the agent has asked for it. */
  nextTurn(): Promise<OpenTurn>;
}

export interface OpenTurn {
  readonly request: MessageRequest;
  answer(answer: Answer): void;
}

export function patientModel(): PatientModel {
  const turns: OpenTurn[] = [];
  const wanted: ((turn: OpenTurn) => void)[] = [];
  return {
    script: (request) =>
      new Promise((answer) => {
        const turn = { request, answer };
        const want = wanted.shift();
        if (want) want(turn);
        else turns.push(turn);
      }),
    nextTurn: () => {
      const turn = turns.shift();
      return turn ? Promise.resolve(turn) : new Promise((resolve) => wanted.push(resolve));
    },
  };
}
