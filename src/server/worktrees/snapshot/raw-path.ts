import { sep } from "node:path";
import * as z from "zod";

/**
 * Bytes that are to be kept as they are, one character for each byte (latin1): names of files are bytes on Linux, in no
 * encoding that one could count on.
 */
export type Raw = string;

export function rawOf(text: string): Raw {
  return Buffer.from(text, "utf8").toString("latin1");
}

export function bytesOf(raw: Raw): Buffer {
  return Buffer.from(raw, "latin1");
}

/** For a person. */
export function textOf(raw: Raw): string {
  return bytesOf(raw).toString("utf8");
}

/** In JSON: text where the bytes are UTF-8, else base64. */
export const rawSchema = z.codec(z.union([z.string(), z.object({ base64: z.base64() })]), z.string(), {
  decode: (json) => (typeof json === "string" ? rawOf(json) : Buffer.from(json.base64, "base64").toString("latin1")),
  encode: (raw) => {
    const bytes = bytesOf(raw);
    const text = bytes.toString("utf8");
    return Buffer.from(text, "utf8").equals(bytes) ? text : { base64: bytes.toString("base64") };
  },
});

/** The path of an entry of `root`; of `root` itself where `path` is empty. */
export function bytePath(root: string, path: Raw): Buffer {
  return path === "" ? Buffer.from(root) : Buffer.concat([Buffer.from(root + sep), bytesOf(path)]);
}

export function joinRaw(folder: Raw, name: Raw): Raw {
  return folder === "" ? name : `${folder}/${name}`;
}

export function parentOf(path: Raw): Raw {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

export function nameOf(path: Raw): Raw {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** As git reads a path where it may be quoted: in double quotes, all that is not plain as octal escapes. */
export function quotedForGit(path: Buffer): string {
  let quoted = "";
  for (const byte of path) {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    quoted += isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  }
  return `"${quoted}"`;
}
