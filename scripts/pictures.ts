import { mkdirSync } from "node:fs";
import { takeDashboardPicture } from "./pictures/dashboard-picture.ts";
import { demoPictures, takeDemoPicture } from "./pictures/demo-pictures.ts";
import { pictureFolder, type Theme, themes } from "./pictures/picture-folder.ts";
import { takeStory } from "./pictures/story.ts";
import { buildBundles } from "./package-extension.ts";
import { step } from "./progress.mjs";

/** Takes the README's pictures anew, of the real editor: all of them, or those that are named. */
const pictures: Readonly<Record<string, (theme: Theme) => Promise<void>>> = {
  ...Object.fromEntries(
    Object.keys(demoPictures).map((name) => [name, (theme: Theme) => takeDemoPicture(name, theme)]),
  ),
  dashboard: takeDashboardPicture,
  story: takeStory,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(pictures, name));
if (unknown.length > 0) {
  console.error(`There is no picture ${unknown.join(", ")}. There is: ${Object.keys(pictures).join(", ")}.`);
  process.exit(2);
}
await step("Building", () => buildBundles());
mkdirSync(pictureFolder, { recursive: true });
for (const [name, take] of Object.entries(pictures)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const theme of themes) await step(`${name}, ${theme}`, () => take(theme));
}
