/** Signals a process, or a group by its negative number. False when there is no such one any more, or not yet. */
export function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false; // ended, or never ours
  }
}
