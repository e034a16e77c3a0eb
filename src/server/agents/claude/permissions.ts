import { constants, readFileSync } from "node:fs";
import { copyFile, mkdir, realpath, stat } from "node:fs/promises";
import { join, normalize } from "node:path";
import type { AgentCheckouts, CheckoutPlace } from "../adapter.ts";
import { editState } from "./edit-state.ts";
import { parseExactly } from "./exact-json.ts";
import { statePath } from "./places.ts";
import { isTrusted, withCarried, withoutCarried } from "./project-entry.ts";
import { isSince, LOCAL_SETTINGS_OF_MAIN_SINCE } from "./versions.ts";

const LOCAL_SETTINGS = join(".claude", "settings.local.json");

/**
 * Newer versions take trust and local settings from the main checkout by themselves. Older ones look only at the folder that they
 * run in, in their state and in its local settings.
 */
export const checkouts: AgentCheckouts = {
  files: [LOCAL_SETTINGS.replaceAll("\\", "/")],
  carry: async (place) => {
    const path = await statePath(place.env);
    const main = keyOf(place.mainPath);
    // A person who has not trusted the main checkout is asked in the new one as well.
    if (!isTrustedIn(path, main)) return [];
    const notes = [
      await editState(path, (state) => withCarried(state, main, keyOf(place.path))),
      (await inheritsLocalSettings(place)) ? null : await copyLocalSettings(place),
    ];
    return notes.filter((note) => note !== null);
  },
  forget: async ({ env, mainPath, path }) => {
    await editState(await statePath(env), (state) => withoutCarried(state, keyOf(mainPath), keyOf(path)));
  },
};

/** How Claude Code writes a folder's path in its state. */
function keyOf(folder: string): string {
  return process.platform === "win32" ? normalize(folder).replaceAll("\\", "/") : normalize(folder);
}

function isTrustedIn(path: string, folder: string): boolean {
  try {
    const state = parseExactly(readFileSync(path, "utf8"));
    return state !== null && isTrusted(state, folder);
  } catch {
    // There is none: it has never been started here.
    return false;
  }
}

async function inheritsLocalSettings({ find, versionOf }: CheckoutPlace): Promise<boolean> {
  try {
    return isSince(await versionOf(find("claude")), LOCAL_SETTINGS_OF_MAIN_SINCE);
  } catch {
    // It is not installed, or not here.
    return false;
  }
}

/** Only where there are none yet: those in git, or that were copied already, are as they should be. */
async function copyLocalSettings({ mainPath, path }: CheckoutPlace): Promise<string | null> {
  const from = join(mainPath, LOCAL_SETTINGS);
  const isThere = await stat(from).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isThere) return null;
  try {
    const folder = join(path, ".claude");
    await mkdir(folder, { recursive: true });
    // A repository can have a link in its place, to anywhere.
    if ((await realpath(folder)) !== join(await realpath(path), ".claude")) return null;
    await copyFile(from, join(path, LOCAL_SETTINGS), constants.COPYFILE_EXCL);
    return null;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST") return null;
    return `${LOCAL_SETTINGS} could not be copied (${code ?? String(error)}). Claude Code asks for permission itself.`;
  }
}
