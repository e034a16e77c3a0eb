export const SNAPSHOTS = "refs/tally/snapshots/";

/** The ref of a snapshot that is taken at this time, and is not `taken` yet: `refs/tally/snapshots/feature-payment/20260102-030405`. */
export function snapshotRef(name: string, at: Date, taken: ReadonlySet<string>): string {
  const stamp = at
    .toISOString()
    .replace(/\.\d+Z$/, "")
    .replace(/[-:]/g, "")
    .replace("T", "-");
  const first = `${SNAPSHOTS}${refComponent(name)}/${stamp}`;
  for (let count = 1; ; count += 1) {
    const ref = count === 1 ? first : `${first}-${count}`;
    if (!taken.has(ref)) return ref;
  }
}

/** What may stand between two slashes of a ref: see git check-ref-format. */
function refComponent(name: string): string {
  const safe = name
    // eslint-disable-next-line no-control-regex -- git refuses control characters in refs
    .replace(/[\u0000-\u0020\u007f~^:?*[\\/]|@\{|\.(?=\.)/g, "-")
    .replace(/^\./, "-")
    .replace(/\.lock$/i, "-lock")
    .replace(/\.$/, "-");
  return safe === "" || safe === "@" ? "worktree" : safe;
}
