import { freemem } from "node:os";

/** What programs can still get without another one losing any: what the system counts as free leaves its caches out. */
export function freeMemoryBytes(): number {
  // Not in every runtime of an editor.
  const available = (process as Partial<Pick<NodeJS.Process, "availableMemory">>).availableMemory;
  return available ? available.call(process) : freemem();
}
