import type { Project } from "../../protocol/entities.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { ProjectRecords } from "./project-records.ts";
import type { Worktrees } from "./worktrees.ts";

export interface MeetingOptions {
  readonly store: Store;
  readonly log: Log;
  readonly records: ProjectRecords;
  readonly worktrees: Worktrees;
}

/** Takes over what a `.tally-sessions` file names, when Tally first meets its project. */
export function importWhenMet({ store, log, records, worktrees }: MeetingOptions): { dispose(): void } {
  const meet = async (project: Project) => {
    for (const entry of await records.foreign(project)) {
      await worktrees.adding.import(entry, project.id).catch((error: unknown) => {
        log.warn("an entry of .tally-sessions is not taken over", { name: entry.name, error });
      });
    }
  };
  return store.subscribe((events) => {
    for (const { change } of events) {
      if (change.type === "project.changed" && change.project.commonDir !== null) void meet(change.project);
    }
  });
}
