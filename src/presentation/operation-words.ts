import type { Worktree } from "../protocol/entities.ts";
import { oneLine } from "../protocol/visible.ts";
import type { Operation, Step, StepId } from "../protocol/worktrees.ts";

/** What a step does, while it does it. */
const doing: Record<StepId, string> = {
  ports: "Leasing ports",
  checkout: "Checking out",
  copy: "Copying ignored files",
  link: "Linking what is shared",
  permissions: "Carrying over permissions",
  setup: "Setting up",
  processes: "Starting processes",
  agent: "Starting the agent",
  end: "Ending what runs in it",
  teardown: "Tearing down",
  snapshot: "Keeping a snapshot",
  delete: "Deleting the folder",
  branch: "Deleting the branch",
  restore: "Bringing its files back",
};

const beginning: Record<Operation["kind"], string> = {
  add: "Adding it",
  adopt: "Adopting it",
  remove: "Removing it",
  restore: "Restoring it",
};

const done: Record<Operation["kind"], string> = {
  add: "Added",
  adopt: "Adopted",
  remove: "Removed",
  restore: "Restored",
};

const MAX_DETAIL_LENGTH = 80;

export function isRunning(operation: Operation | null): operation is Operation {
  return operation?.state === "running";
}

/** The step that is under way: "Copying ignored files, 1,204 of 20,000 files". */
export function stepWords({ id, detail }: Step): string {
  return detail === null || detail === "" ? doing[id] : `${doing[id]}, ${oneLine(detail, MAX_DETAIL_LENGTH)}`;
}

/** What is being done, in one line. */
export function runningWords({ kind, steps }: Operation): string {
  const step = runningStep(steps);
  return step ? stepWords(step) : beginning[kind];
}

/** The same in a notification, which has no room for all the steps: "3 of 8: Copying ignored files". */
export function progressWords(operation: Operation): string {
  const step = runningStep(operation.steps);
  if (!step) return beginning[operation.kind];
  return `${operation.steps.indexOf(step) + 1} of ${operation.steps.length}: ${stepWords(step)}`;
}

/** How much of it is done, by steps. */
export function progressPercent({ steps }: Operation): number {
  const over = steps.filter(({ state }) => state === "done" || state === "skipped").length;
  return steps.length === 0 ? 0 : (100 * over) / steps.length;
}

export function runningStep(steps: readonly Step[]): Step | undefined {
  return steps.find(({ state }) => state === "running");
}

/** "Added feature-x. backend is on port 8000." */
export function doneWords(kind: Operation["kind"], { name, ports }: Worktree): string {
  const said = `${done[kind]} ${oneLine(name, MAX_DETAIL_LENGTH)}.`;
  if (kind === "remove" || ports.length === 0) return said;
  return `${said} ${ports.map(({ name: port, port: number }) => `${port} has port ${number}`).join(", ")}.`;
}

const attempts: Record<Operation["kind"], string> = {
  add: "Adding",
  adopt: "Adopting",
  remove: "Removing",
  restore: "Restoring",
};

/** What was done, or how it ended: "Added", "Adding failed". */
export function operationWords({ kind, state }: Operation): string {
  switch (state) {
    case "running":
      return "Began";
    case "done":
      return done[kind];
    case "failed":
      return `${attempts[kind]} failed`;
    case "cancelled":
      return `${attempts[kind]} was cancelled`;
    case "interrupted":
      return `${attempts[kind]} was cut off`;
  }
}

/** "Adding feature-x failed: npm ci: exit code 1." */
export function failedWords({ kind, state, error }: Operation, name: string): string {
  const what = `${attempts[kind]} ${oneLine(name, MAX_DETAIL_LENGTH)}`;
  if (state === "interrupted") return `${what} was cut off half way.`;
  if (state === "cancelled") return `${what} was cancelled.`;
  return `${what} failed${error === null ? "." : `: ${error.message}`}`;
}

/** What Repair does, once it is finished and once it is undone. */
export const repairWords: Record<Operation["kind"], { readonly finish: string; readonly undo: string }> = {
  add: {
    finish: "Goes on with the step that failed. What is done already is not done again.",
    undo: "Takes back what was made. Work that is in it is kept as a snapshot first.",
  },
  adopt: {
    finish: "Goes on with the step that failed.",
    undo: "Lets it be the checkout that it was. Its files stay.",
  },
  remove: {
    finish: "Goes on with removing it. The snapshot that was kept stays.",
    undo: "Puts it back as it was, as far as it is still there.",
  },
  restore: {
    finish: "Goes on with bringing it back from its snapshot.",
    undo: "Takes back what was made. The snapshot stays.",
  },
};
