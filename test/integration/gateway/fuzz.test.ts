import assert from "node:assert/strict";
import { readdir, readFile, symlink, mkdir } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { Agent, request as httpRequest } from "node:http";
import { join } from "node:path";
import * as fc from "fast-check";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { type FuzzedAnswer, undocumented } from "../../support/fuzz/documented.ts";
import { type FuzzedRequest, requests } from "../../support/fuzz/requests.ts";
import { tempFolder, tempRepo } from "../../support/repositories.ts";
import { until } from "../../support/until.ts";

/** Printed with whatever it finds; set FUZZ_SEED to look further. */
const SEED = Number(process.env["FUZZ_SEED"] ?? 6);
const REQUESTS = 10_000;
const AT_ONCE = 12;
const ANSWER_MS = 15_000;
/** Above all pids that Linux gives. */
const NO_PID = 4_194_305;

describe("10,000 requests made from the schemas and spoilt", function () {
  this.timeout(120_000);
  let gateway: TestGateway;
  let sent: readonly FuzzedRequest[];
  const findings: string[] = [];
  const folders: { path: string; dispose(): Promise<void> }[] = [];

  before(async () => {
    const repo = await tempRepo("shop");
    const folder = await tempFolder("plain");
    const programs = await tempFolder("bin");
    folders.push(repo, folder, programs);
    // Of programs there is only git: no agent of the machine can be started.
    await symlink(execFileSync("which", ["git"], { encoding: "utf8" }).trim(), join(programs.path, "git"));
    gateway = await startTestGateway({ PATH: programs.path });
    const session = await gateway.createSession({ args: ["/bin/true"], cwd: folder.path });
    await gateway.untilState(session.id, "DONE");
    const { task } = await gateway.client.call("upsertTask", {
      body: { project: { repoPath: repo.path }, task: { id: "task-1" } },
    });
    const { pause } = await gateway.client.call("startPause", {
      body: { account: { agent: "claude", cwd: folder.path, env: {} }, until: Date.now() + 3_600_000 },
    });
    await mkdir(join(folder.path, "inner"));
    const places = [repo.path, folder.path, join(folder.path, "inner"), "/no/such/folder", "/etc", "relative", "."];
    const ids = [session.id, task.id, pause.id, "nobody", "0"];
    sent = fc.sample(
      requests({
        token: gateway.endpoint.token,
        without: ["stopGateway"],
        disarm,
        known: {
          id: ids,
          ref: [session.id, "one", "refs/tally/snapshots/none", "nobody"],
          sessionId: [session.id, "nobody", "wrapped-1", "wrapped-2"],
          taskId: ["task-1", "task-2", session.rootTaskId],
          worktreeId: ["nobody"],
          projectId: [session.projectId, "nobody"],
          accountId: [pause.accountId, "nobody"],
          agent: ["nobody", "claude", "codex", "command", ""],
          persona: ["nobody"],
          cwd: places,
          path: places,
          repoPath: places,
          workingDir: places,
          workingDirectory: places,
          name: ["one", "two", "a/b", "../up", ".git", "-x", ""],
          from: ["main", "HEAD", "nobody", "-x", "main..main"],
          pid: [NO_PID, 0, -1],
        },
      }),
      { seed: SEED, numRuns: REQUESTS },
    );
  });
  after(async () => {
    await gateway.dispose();
    for (const folder of folders) await folder.dispose();
  });

  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const ask = ({ method, path, headers, body }: FuzzedRequest) =>
    new Promise<FuzzedAnswer>((resolve, reject) => {
      const outgoing = httpRequest(
        gateway.endpoint.url,
        {
          method,
          path,
          headers: body === undefined ? headers : { ...headers, "content-length": Buffer.byteLength(body) },
          agent,
          timeout: ANSWER_MS,
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () =>
            resolve({
              status: incoming.statusCode ?? 0,
              type: incoming.headers["content-type"] ?? "",
              text: Buffer.concat(chunks).toString("utf8"),
            }),
          );
        },
      );
      outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in time")));
      outgoing.on("error", reject);
      outgoing.end(body);
    });

  const askAll = async (all: readonly FuzzedRequest[]) => {
    const left = [...all];
    const work = async () => {
      for (let request = left.pop(); request; request = left.pop()) {
        const { method, path, body } = request;
        const finding = await ask(request).then(
          (answer) => {
            const what = undocumented(request, answer);
            return what === null ? null : `${what}: ${answer.status} ${answer.text.slice(0, 300)}`;
          },
          (error: unknown) => String(error),
        );
        if (finding !== null)
          findings.push(`${method} ${path.slice(0, 300)} ${body?.slice(0, 500) ?? ""}\n    ${finding}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  };

  it("are answered as documented, each of them", async () => {
    await askAll(sent);
    assert.equal(findings.length, 0, `seed ${SEED}: ${findings.length}\n${findings.slice(0, 400).join("\n")}`);
  });
});

/** No process of this machine may be named: to end a session ends it. */
function disarm(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(disarm);
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      key,
      key === "pid" && typeof value === "number" && value > 0 && value < NO_PID ? NO_PID : disarm(value),
    ]),
  );
}
void [readdir, readFile, until];
