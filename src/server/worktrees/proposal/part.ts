/** A process that is proposed. */
export interface ProposedProcess {
  /** Made distinct where another one has it already. */
  readonly name: string;
  readonly folder: string;
  /** Given the variable of its port, `$TALLY_PORT_BACKEND`. */
  readonly run: (port: string) => string;
  /** The first port to try; null: it listens on none that could be told to it. */
  readonly port: number | null;
  /** Given the port as it is written in a value, `${TALLY_PORT_BACKEND}`. */
  readonly env?: (port: string) => Readonly<Record<string, string>>;
  readonly autostart?: boolean;
}

/** What one kind of project adds to the proposal. */
export interface ProposalPart {
  /** For a person: "manage.py in backend/". */
  readonly found: readonly string[];
  readonly copy?: readonly string[];
  readonly symlink?: readonly string[];
  readonly setup?: readonly { readonly run: string; readonly folder: string }[];
  readonly processes?: readonly ProposedProcess[];
}

/** "package.json in frontend/" */
export function inWords(what: string, folder: string): string {
  return folder === "" ? what : `${what} in ${folder}/`;
}
