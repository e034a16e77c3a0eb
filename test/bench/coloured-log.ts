import { createWriteStream } from "node:fs";
import { once } from "node:events";

const levels = ["\x1b[32mINFO \x1b[0m", "\x1b[33mWARN \x1b[0m", "\x1b[31mERROR\x1b[0m", "\x1b[2mDEBUG\x1b[0m"];

/** Lines as a build or a test run prints them: time, coloured level, a path, some words, now and then unicode. */
function* lines(): Generator<string, never> {
  for (let line = 0; ; line++) {
    const level = levels[(line * 7) % levels.length] ?? "";
    const mark = line % 11 === 0 ? "✓ " : "";
    yield (
      `\x1b[2m${(line / 1000).toFixed(3)}\x1b[0m ${level} \x1b[36msrc/module-${line % 97}/file-${line % 31}.ts\x1b[0m:${line % 500} ` +
      `${mark}compiled in \x1b[1m${(line * 13) % 900} ms\x1b[0m, ${line % 17} warnings\r\n`
    );
  }
}

/** Writes a coloured log of at least `bytes` bytes. Always the same one. */
export async function writeColouredLog(path: string, bytes: number): Promise<number> {
  const file = createWriteStream(path);
  const source = lines();
  let written = 0;
  while (written < bytes) {
    let chunk = "";
    while (chunk.length < 64 * 1024) chunk += source.next().value;
    const data = Buffer.from(chunk);
    written += data.length;
    if (!file.write(data)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
  return written;
}
