import { asksFirst, claudeHome, claudeIsReady, claudeVersions } from "../claude.ts";
import { clientOf } from "../gateway.ts";
import { type Answer, says, usesTool } from "../loopback-api/answers.ts";
import { startLoopbackApi } from "../loopback-api/loopback-api.ts";
import { type SessionView, viewSession } from "../session-view.ts";
import { openEditor, type OpenEditor } from "./open-editor.ts";
import { rowSaying, showSessions } from "./sessions-view.ts";

/** The Claude Code that is started in the editor. */
export const newestClaude = claudeVersions[0];

const colours = ["Amber", "Blue"].map((label) => ({ label, description: `The colour ${label}` }));

/** The model has the person choose between Amber and Blue. */
export const asksForColour = usesTool("AskUserQuestion", {
  questions: [{ question: "Which colour?", header: "Colour", multiSelect: false, options: colours }],
});

/** A session "Files" of Claude Code, which asks before it changes anything, and the editor that shows it. */
export interface ClaudeInEditor {
  readonly editor: OpenEditor;
  readonly view: SessionView;
  /** Where it works. */
  readonly cwd: string;
  /** Waits until its row says that it is idle. */
  readonly untilIdle: () => Promise<void>;
  /** The same, and until it takes the first prompt. */
  readonly untilReady: () => Promise<void>;
}

/**
 * Plays with Claude Code in an editor of its own, whose model says these one after the other. The play begins while it still
 * starts: it may bring up first what is to be there from the start.
 */
export async function withClaudeInEditor(
  answers: readonly Answer[],
  play: (claude: ClaudeInEditor) => Promise<void>,
): Promise<void> {
  await using api = await startLoopbackApi({ script: (_, turn) => answers[turn] ?? says("That was all.") });
  await using home = await claudeHome(newestClaude, api.url);
  const editor = await openEditor({ folder: home.cwd, env: home.env });
  const env = { ...home.env, TALLY_HOME: editor.tallyHome };
  const client = clientOf(env);
  const untilIdle = () => rowSaying(editor, "Files, claude, idle").waitFor();
  try {
    await showSessions(editor);
    const body = { agent: "claude", args: asksFirst(newestClaude), title: "Files", cwd: home.cwd, env };
    const { session } = await client.call("createSession", { body });
    using view = viewSession(client, session.id);
    const untilReady = async () => {
      await untilIdle();
      await view.screen.untilShows(claudeIsReady);
    };
    await play({ editor, view, cwd: home.cwd, untilIdle, untilReady });
  } finally {
    client.dispose();
    await editor.dispose();
  }
}
