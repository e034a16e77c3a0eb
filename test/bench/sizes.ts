import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Figure, figure, type Measurement } from "./figure.ts";
import { dist } from "./rig.ts";

const MB = 2 ** 20;

export const sizes: Measurement = {
  name: "sizes",
  about: "bundles in dist/, and the packaged extension",
  async run(): Promise<Figure[]> {
    return [...(await bundles()), ...(await packages())];
  },
};

async function bundles(): Promise<Figure[]> {
  const files = (await readdir(dist)).filter((file) => file.endsWith(".cjs")).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const content = await readFile(join(dist, file));
      const packedKB = gzipSync(content).length / 1024;
      return figure({
        label: `bundle ${file}`,
        value: content.length / 1024,
        unit: "kB",
        detail: `${packedKB.toFixed(0)} kB compressed`,
      });
    }),
  );
}

async function packages(): Promise<Figure[]> {
  const files = (await readdir(dist)).filter((file) => file.endsWith(".vsix")).toSorted();
  if (files.length === 0) console.error("sizes: there is no package in dist/; `npm run package` makes one");
  return Promise.all(
    files.map(async (file) => {
      const { size } = await stat(join(dist, file));
      return figure({ label: `package ${file}`, value: size / MB, unit: "MB", detail: "", below: 10 });
    }),
  );
}
