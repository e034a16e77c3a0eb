import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type WebSocket from "ws";
import type { GatewayClient } from "../../src/client/http.ts";
import type { Worktree } from "../../src/protocol/entities.ts";
import { eventFrameSchema } from "../../src/protocol/events.ts";
import { git, manyFiles, tempRepo } from "../support/repositories.ts";
import { type Figure, figure, type Measurement } from "./figure.ts";
import { type Rig, startRig } from "./rig.ts";
import { interleaved, median, timeMs } from "./statistics.ts";

const FILES = 20_000;
const ADD_ROUNDS = 5;
const IGNORED_MB = 500;
const IGNORED_FILES = 2_000;
const COPY_ROUNDS = 3;

export const worktreeAdd: Measurement = {
  name: "worktree",
  about: `adding a worktree of ${FILES} files beside \`git worktree add\`, copying ${IGNORED_MB} MB of ignored files beside \`cp -r\``,
  async run(): Promise<Figure[]> {
    await using rig = await startRig();
    return [await addition(rig), await copying(rig)];
  },
};

async function addition(rig: Rig): Promise<Figure> {
  const repo = await tempRepo();
  try {
    await manyFiles(repo.path, FILES);
    const tally = await startAdding(rig, repo.path);
    let made = 0;
    const samples = await interleaved(ADD_ROUNDS, {
      async git() {
        const path = join(repo.parent, "plain");
        const time = await timeMs(() => git(repo.path, "worktree", "add", "-q", "-b", `plain-${made}`, path));
        await git(repo.path, "worktree", "remove", "--force", path);
        return time;
      },
      tally: async () => (await tally.add(`tally-${(made += 1)}`)).totalMs,
    });
    tally.dispose();
    const ms = (times: readonly number[]) => `${median(times).toFixed(0)} ms`;
    return figure({
      label: `\`tally add\` of ${FILES} files / \`git worktree add\``,
      value: median(samples.tally) / median(samples.git),
      unit: "×",
      detail: `${ms(samples.tally)}, git ${ms(samples.git)}`,
      below: 1.3,
    });
  } finally {
    await repo.dispose();
  }
}

async function copying(rig: Rig): Promise<Figure> {
  const repo = await tempRepo();
  try {
    const ignored = join(repo.path, "ignored");
    await writeIgnored(ignored);
    await ignore(repo.path, "ignored/\n");
    const tally = await startAdding(rig, repo.path);
    let made = 0;
    const samples = await interleaved(COPY_ROUNDS, {
      async cp() {
        const to = join(repo.parent, "plain");
        const time = await timeMs(() => promisify(execFile)("cp", ["-r", "--reflink=auto", ignored, to]));
        await rm(to, { recursive: true });
        return time;
      },
      async tally() {
        const { copyMs, path } = await tally.add(`tally-${(made += 1)}`);
        await rm(join(path, "ignored"), { recursive: true });
        return copyMs;
      },
    });
    tally.dispose();
    const speed = (times: readonly number[]) => IGNORED_MB / (median(times) / 1000);
    return figure({
      label: `copying ${IGNORED_MB} MB in ${IGNORED_FILES} files / \`cp -r\``,
      value: median(samples.tally) / median(samples.cp),
      unit: "×",
      detail: `${speed(samples.tally).toFixed(0)} MB/s, cp ${speed(samples.cp).toFixed(0)} MB/s`,
    });
  } finally {
    await repo.dispose();
  }
}

async function ignore(path: string, patterns: string): Promise<void> {
  await writeFile(join(path, ".gitignore"), patterns);
  await writeFile(join(path, "tally.json"), JSON.stringify({ copy: ["ignored/**"] }));
  await git(path, "add", ".gitignore", "tally.json");
  await git(path, "commit", "-qm", "Ignore");
}

async function writeIgnored(folder: string): Promise<void> {
  const bytes = Buffer.alloc((IGNORED_MB * 2 ** 20) / IGNORED_FILES);
  for (let n = 0; n < IGNORED_FILES; n++) {
    const below = join(folder, String(n % 50));
    await mkdir(below, { recursive: true });
    // Not all the same: some file systems would keep it once.
    bytes.writeUInt32LE(n);
    await writeFile(join(below, String(n)), bytes);
  }
}

interface Added {
  readonly path: string;
  /** From the request to the end of the operation. */
  readonly totalMs: number;
  /** From the beginning of the copying to its end. */
  readonly copyMs: number;
}

/** Adds worktrees through the gateway, one after the other. */
async function startAdding(rig: Rig, cwd: string): Promise<{ add(name: string): Promise<Added>; dispose(): void }> {
  const client: GatewayClient = rig.connect();
  const events: WebSocket = await client.socket("events");
  let onWorktree: (worktree: Worktree) => void = () => undefined;
  events.on("message", (data: Buffer) => {
    const frame = eventFrameSchema.parse(JSON.parse(data.toString("utf8")));
    if (frame.type !== "events") return;
    for (const { change } of frame.events) if (change.type === "worktree.changed") onWorktree(change.worktree);
  });
  await once(events, "message");
  return {
    async add(name) {
      const startedAt = performance.now();
      let endedAt: number | undefined;
      let copyBegunAt: number | undefined;
      let copiedAt: number | undefined;
      // Until git has been asked how it stands, too: that is no part of it, and must not be measured with the next.
      const settled = new Promise<Worktree>((resolve, reject) => {
        onWorktree = (worktree) => {
          if (worktree.name !== name) return;
          const now = performance.now();
          const { operation, standing } = worktree;
          const copy = operation?.steps.find(({ id }) => id === "copy")?.state;
          if (copy === "running") copyBegunAt ??= now;
          if (copy === "done") copiedAt ??= now;
          if (operation?.state === "failed") reject(new Error(operation.error?.message ?? "it failed"));
          if (operation?.state === "done") endedAt ??= now;
          if (endedAt !== undefined && standing) resolve(worktree);
        };
      });
      await client.call("addWorktree", { body: { cwd, name, agent: null, env: { ...rig.env } } });
      const { path } = await settled;
      return {
        path,
        totalMs: (endedAt ?? startedAt) - startedAt,
        copyMs: (copiedAt ?? 0) - (copyBegunAt ?? 0),
      };
    },
    dispose() {
      events.terminate();
    },
  };
}
