/** A `tally.json` for a repository, from what is found in it. */
export interface TallyJsonProposal {
  /** Where it belongs. */
  readonly path: string;
  readonly exists: boolean;
  readonly text: string;
  /** What was found, for a person. */
  readonly found: string[];
}
