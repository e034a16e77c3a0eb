import { join } from "node:path";
import { addCheckout, type AddCheckout, type AddedCheckout } from "../../src/server/worktrees/checkout.ts";
import { type CheckoutPlan, type CheckoutRequest, planCheckout } from "../../src/server/worktrees/checkout-plan.ts";
import { repositoryOf } from "../../src/server/worktrees/repository.ts";

/** Plans a worktree beside the repository, as an add would. */
export async function plan(
  repository: string,
  name: string,
  wanted: Partial<Pick<CheckoutRequest, "from" | "base" | "path">> = {},
): Promise<CheckoutPlan> {
  const found = await repositoryOf(repository);
  if (!found) throw new Error(`${repository} is in no repository`);
  const { commonDir, mainPath, isBare } = found;
  const path = join(mainPath, "..", `wt-${name.replaceAll("/", "-")}`);
  return await planCheckout({ commonDir, mainPath, isBare, name, path, from: null, base: null, ...wanted });
}

/** Plans a worktree beside the repository and makes it. */
export async function add(
  repository: string,
  name: string,
  options: Partial<AddCheckout> & Partial<Pick<CheckoutRequest, "from" | "base" | "path">> = {},
): Promise<CheckoutPlan & AddedCheckout> {
  const planned = await plan(repository, name, options);
  const added = await addCheckout(planned, { commonDir: await commonDirOf(repository), ...options });
  return { ...planned, ...added };
}

export async function commonDirOf(path: string): Promise<string> {
  const found = await repositoryOf(path);
  if (!found) throw new Error(`${path} is in no repository`);
  return found.commonDir;
}
