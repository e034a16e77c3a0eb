// Builds the processes of Tally into dist/, one bundle each. `--watch` keeps building; `--tests` builds the in-editor tests too.
import { context, build } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const watch = process.argv.includes("--watch");

const constants = { TALLY_VERSION: JSON.stringify(version) };

/**
 * Leaves out zod's messages in sixty languages, 270 kB a bundle: esbuild keeps all of a module that something imports when it is needed.
 * English, which is all that is spoken here, zod imports by itself.
 * @type {import("esbuild").Plugin}
 */
const englishOnly = {
  name: "english-only",
  setup: (build) =>
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: "export {};" })),
};

/** @param {string} entry @param {string} name @param {import("esbuild").BuildOptions} more */
const bundle = (entry, name, more = {}) => ({
  entryPoints: { [name]: entry },
  outdir: "dist",
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node22",
  minify: !watch,
  keepNames: true,
  sourcemap: watch ? "linked" : false,
  // What authors want to stay with their code; the licences go into the package beside it.
  legalComments: "eof",
  metafile: true,
  logLevel: "warning",
  define: constants,
  plugins: [englishOnly],
  ...more,
});

const bundles = [
  // The editor reports every look at the global `navigator`, and libraries look at it to tell browsers from Node.
  bundle("src/extension.ts", "extension", { external: ["vscode"], define: { ...constants, navigator: "undefined" } }),
  bundle("src/server/main.ts", "gateway"),
  bundle("src/ptyhost/main.ts", "ptyhost", { external: ["node-pty"] }),
  bundle("src/cli/main.ts", "cli-main", { target: "node20" }),
  bundle("src/cli/launch.ts", "cli", { target: "node12", minify: false, external: ["./cli-main.cjs"] }),
  bundle("src/demo/main.ts", "demo", { target: "node20" }),
  bundle("src/webview/main.tsx", "dashboard", {
    outdir: "dist/webview",
    outExtension: {},
    platform: "browser",
    format: "iife",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".ttf": "file" },
    assetNames: "[name]",
  }),
  ...(process.argv.includes("--tests")
    ? [
        bundle("test/editor", "test/editor", {
          entryPoints: ["test/editor/index.ts", "test/editor/**/*.test.ts"],
          outdir: "dist/test/editor",
          external: ["vscode", "mocha"],
          minify: false,
          sourcemap: "inline",
        }),
      ]
    : []),
];

mkdirSync("dist", { recursive: true });
if (watch) {
  const contexts = await Promise.all(bundles.map((options) => context(options)));
  await Promise.all(contexts.map((each) => each.watch()));
  console.log("watching src/ ...");
} else {
  const results = await Promise.all(bundles.map((options) => build(options)));
  const inputs = Object.assign({}, ...results.map((result) => result.metafile.inputs));
  const outputs = Object.assign({}, ...results.map((result) => result.metafile.outputs));
  writeFileSync("dist/meta.json", JSON.stringify({ inputs, outputs }));
  for (const [file, { bytes }] of Object.entries(outputs)) console.log(`${file}  ${(bytes / 1024).toFixed(0)} kB`);
}
