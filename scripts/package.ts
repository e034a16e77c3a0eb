import { statSync } from "node:fs";
import { join } from "node:path";
import { listFiles } from "@vscode/vsce";
import { packageExtension } from "./package-extension.ts";
import { repository } from "./progress.mjs";

const vsix = await packageExtension();
const files = await listFiles({ cwd: repository });
for (const file of files) console.log(`${String(statSync(join(repository, file)).size).padStart(9)}  ${file}`);
console.log(`${files.length} files, ${(statSync(vsix).size / 1e6).toFixed(2)} MB: ${vsix}`);
