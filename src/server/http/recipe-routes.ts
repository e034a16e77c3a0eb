import { TallyError } from "../../protocol/errors.ts";
import { refuseFromInside } from "../sessions/inside-session.ts";
import type { Store } from "../store/store.ts";
import type { Approvals } from "../worktrees/approval.ts";
import { CommandApproval } from "../worktrees/command-approval.ts";
import { proposeTallyJson } from "../worktrees/proposal/propose.ts";
import { readRecipe } from "../worktrees/recipe.ts";
import { type Repository, repositoryOf } from "../worktrees/repository.ts";
import type { RouteHandlers } from "./router.ts";

type RecipeRoutes = Pick<RouteHandlers, "repositoryCommands" | "approveCommands" | "proposeTallyJson">;

/** Routes of what a repository's `tally.json` says, or could say. */
export function recipeRoutes({ approvals, store }: { approvals: Approvals; store: Store }): RecipeRoutes {
  const approval = new CommandApproval({ approvals, store });
  const read = async (cwd: string) => {
    const place = await repositoryAt(cwd);
    const { recipe, path, problem } = await readRecipe(place, place.isBare ? "HEAD" : null);
    const commands = problem === null ? approvals.commandsOf(place, recipe, path) : null;
    return { commands, path, problem, isBare: place.isBare };
  };
  return {
    repositoryCommands: async ({ query }) => {
      const { commands, problem } = await read(query.cwd);
      return { commands, problem };
    },
    approveCommands: async ({ body, connection }) => {
      refuseFromInside(connection, store.liveSessions());
      const { commands: present, path, problem, isBare } = await read(body.cwd);
      // A worktree may have been made with another content than there is now, or be about to be made of another commit.
      const commands = approval.find(body.hash) ?? (isBare ? approvals.shown(body.hash) : null) ?? present;
      if (commands === null && problem !== null) throw new TallyError("tally-json-invalid", problem);
      if (commands === null)
        throw new TallyError("invalid-request", `${path} runs nothing: there is nothing to approve.`);
      return { commands: approvals.approve(commands, body.hash) };
    },
    proposeTallyJson: async ({ query }) => {
      const { mainPath, isBare, linkedWorktree } = await repositoryAt(query.cwd);
      const folder = isBare ? linkedWorktree?.path : mainPath;
      if (folder !== undefined) return proposeTallyJson(folder);
      throw new TallyError("invalid-request", `${mainPath} is bare: it has no files. Go to one of its worktrees.`);
    },
  };
}

async function repositoryAt(cwd: string): Promise<Repository> {
  const repository = await repositoryOf(cwd);
  if (repository) return repository;
  throw new TallyError(
    "not-a-repository",
    `${cwd} is in no git repository. Run git init there, or name another folder.`,
  );
}
