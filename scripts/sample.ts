import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./progress.mjs";

const files = {
  "README.md": `# Sample

A small repository to try Tally in. Open the Tally view in the activity bar, or run **Tally: New Session** from the
command palette and pick the demo agent: it works, asks for a permission and finishes a turn, without any network.

In a terminal of this window, \`tally demo\` starts one too.
`,
  "src/greet.js": `export function greet(name) {
  return \`Hello, \${name}!\`;
}
`,
};

/** Makes a git repository with one commit in `folder`. The commit's author is passed along; no git setting is touched. */
export async function makeSampleProject(folder: string): Promise<void> {
  mkdirSync(join(folder, "src"), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const author = ["-c", "user.name=Tally", "-c", "user.email=sample@tally.invalid", "-c", "commit.gpgsign=false"];
  await run("git", ["init", "--quiet", "--initial-branch=main"], { cwd: folder });
  await run("git", ["add", "."], { cwd: folder });
  await run("git", [...author, "commit", "--quiet", "--no-verify", "-m", "A sample to try Tally in"], { cwd: folder });
}
