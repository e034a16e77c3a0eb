/** Whether `version` is `since` or later. Unknown versions are before all others; what came with a release may not have been in all of its pre-releases. */
export function isSince(version: string | null, since: string): boolean {
  if (version === null) return false;
  const [release = "", preRelease] = version.split("-", 2);
  const ours = release.split(".").map(Number);
  for (const [index, wanted] of since.split(".").map(Number).entries()) {
    const difference = (ours[index] ?? 0) - wanted;
    if (difference !== 0) return difference > 0;
  }
  return preRelease === undefined;
}
