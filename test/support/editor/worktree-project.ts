import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { git, tempRepo } from "../repositories.ts";

/** A repository whose worktrees get a port and a server that listens on it. */
export interface WorktreeProject {
  readonly path: string;
  /** Where worktrees go. */
  readonly parent: string;
  /** The first one to try; nothing listens there. */
  readonly port: number;
  dispose(): Promise<void>;
}

const server = `import { createServer } from "node:http";
createServer((_, response) => response.end("the shop")).listen(Number(process.argv[2]), () => {
  console.log(\`serving on \${process.argv[2]}\`);
});
`;

export async function worktreeProject(name = "shop"): Promise<WorktreeProject> {
  const repo = await tempRepo(name);
  const port = await freePort();
  const tallyJson = {
    symlink: ["node_modules"],
    ports: { web: port },
    processes: { web: "node server.mjs $TALLY_PORT_WEB" },
  };
  await writeFile(join(repo.path, "server.mjs"), server);
  await writeFile(join(repo.path, ".gitignore"), "node_modules\n.env\n");
  await writeFile(join(repo.path, "tally.json"), `${JSON.stringify(tallyJson, null, 2)}\n`);
  await git(repo.path, "add", ".");
  await git(repo.path, "commit", "-qm", "A shop");
  await mkdir(join(repo.path, "node_modules"));
  await writeFile(join(repo.path, ".env"), "SECRET=made-up\n");
  return { path: repo.path, parent: repo.parent, port, dispose: () => repo.dispose() };
}

/** Below the range of outgoing connections, so that nobody is given it meanwhile. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, () => {
      const { port: bound } = probe.address() as AddressInfo;
      probe.close(() => resolve(bound === port));
    });
  });
}
