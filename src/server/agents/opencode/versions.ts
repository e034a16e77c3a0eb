/** The version that was measured. Older ones may not start with a port and a password together (anomalyco/opencode #29847). */
const since = [1, 18, 33] as const;
/** Another program of the same name, with other options and another API. */
const before = 2;

/** Whether this version's terminal UI can serve its HTTP API on a port, protected by a password. */
export function servesProtected(version: string | null): boolean {
  return isAsMeasured(version);
}

/** Whether this version runs a plugin that its environment names, and tells it of waits. */
export function runsPlugins(version: string | null): boolean {
  return isAsMeasured(version);
}

function isAsMeasured(version: string | null): boolean {
  const numbers = /^(\d+)\.(\d+)\.(\d+)/
    .exec(version ?? "")
    ?.slice(1)
    .map(Number);
  const [major = 0, minor = 0, patch = 0] = numbers ?? [];
  if (major >= before || major < since[0]) return false;
  return minor > since[1] || (minor === since[1] && patch >= since[2]);
}
