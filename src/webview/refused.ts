/** The gateway's or the extension's refusal, in words for a person. */
export class Refused extends Error {
  readonly code: string;
  /** Nobody knows whether the gateway has acted on the call. */
  readonly mayHaveArrived: boolean;

  constructor(code: string, message: string, mayHaveArrived: boolean) {
    super(message);
    this.code = code;
    this.mayHaveArrived = mayHaveArrived;
  }
}
