import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { run } from "./progress.mjs";

/** PATH as the machine has it, without the folders that `npm run` puts first. */
export function machinePath() {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !/[\\/](node_modules[\\/]\.bin|node-gyp-bin)$/.test(folder))
    .join(delimiter);
}

/** The prefix of the Node that runs npm, when its C headers are installed too: node-gyp then downloads none. */
function headersPrefix(path) {
  const file = process.platform === "win32" ? "node.exe" : "node";
  const node = path
    .split(delimiter)
    .map((folder) => join(folder, file))
    .find((candidate) => existsSync(candidate));
  const prefix = node && dirname(dirname(realpathSync(node)));
  return prefix && existsSync(join(prefix, "include", "node", "node_api.h")) ? prefix : undefined;
}

/**
 * Runs npm in `cwd`, on the machine's own Node: `npm ci` replaces the Node in node_modules, which must not run it.
 * @throws an Error that quotes npm's output.
 */
export function npm(args, cwd) {
  const PATH = machinePath();
  const nodedir = headersPrefix(PATH);
  const env = { ...process.env, PATH, ...(nodedir && { npm_config_nodedir: nodedir }) };
  return run("npm", [...args, "--no-audit", "--no-fund"], { cwd, env });
}
