import { type ChildProcess, spawn } from "node:child_process";

/** What is asked of the person. */
export interface Question {
  readonly id: string;
  readonly kind: "permission" | "question";
  readonly text: string;
  /** What would be done, where it is a permission. */
  readonly command: string | null;
  /** What may be chosen, where it is a question. */
  readonly options: readonly string[];
}

/** A person's answer, as Tally hands it over. */
export type Answer =
  | { readonly choice: "allow" }
  | { readonly choice: "deny" }
  | { readonly choice: "answers"; readonly answers: readonly (readonly string[])[] };

/** The shell line that hands a question to Tally and prints the answer; absent where nobody is there to take it. */
const LINE_VARIABLE = "TALLY_DEMO_ASK";

/** Asks Tally beside the terminal, as agents do by their hooks; whoever answers first counts. */
export class AskedElsewhere {
  readonly #line = process.env[LINE_VARIABLE];
  readonly #onAnswer: (answer: Answer, question: Question) => void;
  #asking: ChildProcess | undefined;

  constructor(onAnswer: (answer: Answer, question: Question) => void) {
    this.#onAnswer = onAnswer;
  }

  ask(question: Question): void {
    this.withdraw();
    if (this.#line === undefined) return;
    const child = spawn("/bin/sh", ["-c", this.#line], { stdio: ["pipe", "pipe", "ignore"] });
    this.#asking = child;
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
    child.on("error", () => undefined);
    child.on("close", () => {
      if (this.#asking !== child || printed === "") return;
      this.#asking = undefined;
      this.#onAnswer(JSON.parse(printed) as Answer, question);
    });
    // It may be gone before it has read all of it.
    child.stdin.on("error", () => undefined);
    child.stdin.end(JSON.stringify(question));
  }

  /** It was answered in the terminal, or given up. */
  withdraw(): void {
    const child = this.#asking;
    this.#asking = undefined;
    child?.kill("SIGTERM");
  }
}
