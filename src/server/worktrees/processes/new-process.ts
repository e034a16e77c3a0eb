import type { Worktree } from "../../../protocol/entities.ts";
import type { HelperProcess } from "../../../protocol/worktrees.ts";
import { newProcessId } from "../../ids.ts";
import { concludeProcess } from "./conclude-process.ts";

/** A process that has not been started, of which nothing is said yet. */
export function newProcess(
  { id: worktreeId, projectId, path }: Worktree,
  kind: HelperProcess["kind"],
  name: string,
  now: number,
): HelperProcess {
  return {
    id: newProcessId(),
    projectId,
    worktreeId,
    name,
    kind,
    command: "",
    cwd: path,
    port: null,
    ...concludeProcess({ life: "never-started" }),
    pid: null,
    exitCode: null,
    exitSignal: null,
    startedAt: null,
    endedAt: null,
    createdAt: now,
    updatedAt: now,
  };
}
