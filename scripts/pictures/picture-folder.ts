import { join } from "node:path";
import { repository } from "../progress.mjs";

/** Where the README's pictures are. */
export const pictureFolder = join(repository, "media", "readme");

export const themes = ["dark", "light"] as const;
export type Theme = (typeof themes)[number];
