import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { TallyError } from "../../protocol/errors.ts";
import { idOf } from "./projects.ts";
import { repositoryName, repositoryOf } from "./repository.ts";

/** A project as its worktrees see it. */
export interface MainCheckout {
  readonly projectId: string;
  readonly commonDir: string;
  /** The main worktree's folder; for a bare repository its git directory. */
  readonly mainPath: string;
  readonly isBare: boolean;
  /** What new folders are named after. */
  readonly repository: string;
  /** The folder that the main checkout is in. */
  readonly parent: string;
}

/**
 * The main checkout of the repository that holds a folder.
 * @throws {TallyError} `folder-missing`, `not-a-repository`
 */
export async function mainCheckoutOf(folder: string): Promise<MainCheckout> {
  const path = await realpath(folder).catch(() => {
    throw new TallyError("folder-missing", `There is no folder ${folder}. Go to a folder of your project.`);
  });
  const repository = await repositoryOf(path).catch(() => null);
  if (!repository) {
    throw new TallyError(
      "not-a-repository",
      `${folder} is in no git repository, and worktrees need one. Go to one, or make one: git init`,
    );
  }
  const { commonDir, mainPath, isBare } = repository;
  return {
    projectId: idOf(commonDir),
    commonDir,
    mainPath,
    isBare,
    repository: repositoryName(repository),
    parent: dirname(mainPath),
  };
}
