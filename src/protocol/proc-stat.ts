/**
 * The fields of `/proc/<pid>/stat` from the third on (its state), see proc_pid_stat(5). The second is the program's name in
 * parentheses, which may hold anything, parentheses and spaces too.
 */
export function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
