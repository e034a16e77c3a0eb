import { lstat, mkdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Project } from "../../protocol/entities.ts";
import { sessionFileName, writePrivately } from "./session-file-io.ts";

/** In a project's own folder. */
const FOLDERS = [".tally", "sessions"];

export interface ProjectCopiesOptions {
  /** `$TALLY_HOME/sessions`; the project that is the home folder has its copies there already. */
  readonly ownFolder: string;
  /** Has git leave the copies alone. @throws where that can not be done */
  readonly keepOutOfGit: (project: { readonly projectId: string; readonly commonDir: string }) => Promise<void>;
}

/** Copies of sessions' files in their projects' own folders. */
export class ProjectCopies {
  readonly #options: ProjectCopiesOptions;
  /** The projects whose copies git leaves alone. */
  readonly #keptOut = new Set<string>();

  constructor(options: ProjectCopiesOptions) {
    this.#options = options;
  }

  /** A bare repository gets none: there is nobody who would look for it there. @throws where it can not be written */
  async write(project: Project, sessionId: string, text: string): Promise<void> {
    const { id: projectId, commonDir } = project;
    if (isBare(project) || !(await isFolder(project.path))) return;
    if (commonDir !== null && !this.#keptOut.has(projectId)) {
      await this.#options.keepOutOfGit({ projectId, commonDir });
      this.#keptOut.add(projectId);
    }
    const folder = await this.#folderOf(project, { make: true });
    if (folder) await writePrivately(join(folder, sessionFileName(sessionId)), text);
  }

  /** Whatever project it was of. */
  async remove(projects: readonly Project[], sessionId: string): Promise<void> {
    for (const project of projects) {
      const folder = isBare(project) ? null : await this.#folderOf(project, { make: false });
      if (folder) await rm(join(folder, sessionFileName(sessionId)), { force: true });
    }
  }

  /** Null where there is none. @throws {Error} where one is to be made and a link or a file is in its place: a link may lead out of the project */
  async #folderOf({ path }: Project, { make }: { readonly make: boolean }): Promise<string | null> {
    let folder = path;
    for (const name of FOLDERS) {
      folder = join(folder, name);
      if (make) await makeUnlessThere(folder);
      if (await isFolder(folder)) continue;
      if (!make) return null;
      throw new Error(`${folder} is no folder of its own. Remove it, and Tally makes it.`);
    }
    const own = await realpath(this.#options.ownFolder).catch(() => null);
    return (await realpath(folder)) === own ? null : folder;
  }
}

/** Its path is its git directory. */
function isBare({ path, commonDir }: Project): boolean {
  return path === commonDir;
}

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null))?.isDirectory() ?? false;
}

async function makeUnlessThere(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  });
}
