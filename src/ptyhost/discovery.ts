import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PtyHostFile } from "../protocol/ptyhost.ts";

/** Writes the host's discovery file into `folder`, whole or not at all. Returns what removes it. */
export function publish(folder: string, file: PtyHostFile): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${file.pid}.json`);
  const draft = `${path}.${file.token.slice(0, 8)}.tmp`;
  writeFileSync(draft, `${JSON.stringify(file)}\n`, { mode: 0o600, flag: "wx" });
  renameSync(draft, path);
  return () => rmSync(path, { force: true });
}
