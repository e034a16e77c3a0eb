import { join } from "node:path";
import { openEditor } from "../../test/support/editor/open-editor.ts";
import { clientOf } from "../../test/support/gateway.ts";
import { onScreen } from "../editor/tally.ts";
import { playLimit, playStates, playTasks, playWorktrees } from "./demo-plays.ts";
import { pictureFolder, type Theme } from "./picture-folder.ts";
import type { Stage } from "./stage.ts";

/** A picture of the tree, and of one terminal. */
interface DemoPicture {
  readonly play: (stage: Stage) => Promise<void>;
  /** The row that comes to its state last. */
  readonly last: RegExp;
  /** The row that is opened, and what its terminal shows then. */
  readonly opened: RegExp;
  readonly shows: string;
}

export const demoPictures: Readonly<Record<string, DemoPicture>> = {
  sessions: {
    play: playStates,
    last: /^Update the docs, demo, idle/,
    opened: /^Fix the cart's rounding, demo, waiting/,
    shows: "May I run",
  },
  limits: {
    play: playLimit,
    last: /^Update docs, demo, paused/,
    opened: /^Fix rounding, demo, paused/,
    shows: "resets",
  },
  worktrees: {
    play: playWorktrees,
    last: /^sample-fix-rounding, demo, running/,
    opened: /^sample-feature-payment, demo, waiting/,
    shows: "May I run",
  },
  tasks: {
    play: playTasks,
    last: /^Task Payment page, running/,
    opened: /^Task Fix rounding, running/,
    shows: "● Grep: Math.round",
  },
};

/** Plays with demo agents in an editor of its own, and takes a picture of it. */
export async function takeDemoPicture(name: string, theme: Theme): Promise<void> {
  const picture = demoPictures[name];
  if (!picture) throw new Error(`There is no picture "${name}".`);
  const { play, last, opened, shows } = picture;
  const editor = await openEditor({ theme });
  try {
    const env = { PATH: process.env["PATH"] ?? "", TALLY_HOME: editor.tallyHome };
    const client = clientOf(env);
    await play({ client, cwd: editor.folder, env }).finally(() => client.dispose());
    await editor.openViews(onScreen.container);
    const row = (label: RegExp) => editor.page.getByRole("treeitem", { name: label }).first();
    await row(last).waitFor();
    await row(opened).click();
    await editor.untilTerminalShows(shows);
    await editor.screenshot(join(pictureFolder, `${name}-${theme}.png`));
  } finally {
    await editor.dispose();
  }
}
