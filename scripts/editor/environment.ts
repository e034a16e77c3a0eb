import { machinePath } from "../npm.mjs";

/** What `npm run`, an editor's terminal or a debugger leave in the environment, and what would lead to the user's own Tally. */
const foreign = /^(npm_|NODE_|ELECTRON_|VSCODE_|TALLY_|TL_)|^(INIT_CWD|NODE)$/i;

/** The user's environment for an editor that has its own `$TALLY_HOME`. */
export function userEnvironment(tallyHome: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name) || name === "NODE_EXTRA_CA_CERTS");
  return { ...Object.fromEntries(kept), PATH: machinePath(), TALLY_HOME: tallyHome };
}
