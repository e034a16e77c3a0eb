import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import type { WebSocket } from "ws";
import { type FeedFrame, feedFrameSchema, feedSessionSchema } from "../../../src/protocol/session-feed.ts";
import { curl, type CurlAnswer, curlPost } from "../../support/curl.ts";
import { send } from "../../support/raw-http.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { tempRepo } from "../../support/repositories.ts";
import { until, untilDefined } from "../../support/until.ts";

describe("the session feed", () => {
  let gateway: TestGateway;
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  let sockets: WebSocket[];
  beforeEach(async () => {
    sockets = [];
    [gateway, repo] = await Promise.all([startTestGateway(), tempRepo("shop")]);
    await gateway.client.call("setSettings", { body: { worktreeAgent: "demo" } });
  });
  afterEach(async () => {
    for (const socket of sockets) socket.terminate();
    await gateway.dispose();
    await repo.dispose();
  });

  const post = (body: object) => curlPost(gateway, "/api/sessions", body);
  const created = ({ status, json, text }: CurlAnswer) => {
    assert.equal(status, 201, text);
    return feedSessionSchema.strict().parse(json);
  };
  const create = async () => created(await post({ cwd: repo.path }));
  const createMany = async (count: number) => {
    const ids: string[] = [];
    for (let each = 0; each < count; each++) ids.push((await create()).id);
    return ids;
  };

  /** A client of the feed, on a real socket. */
  async function listen(since?: number) {
    const socket = await gateway.client.socket("sessionFeed", { query: { since } });
    sockets.push(socket);
    const frames: FeedFrame[] = [];
    socket.on("message", (data) => {
      frames.push(feedFrameSchema.parse(JSON.parse((data as Buffer).toString("utf8"))));
    });
    socket.on("error", () => undefined);
    await until(() => frames.length > 0, "the first frame");
    const of = (type: FeedFrame["type"]) =>
      frames.flatMap((frame) => (frame.type === type && "sessionId" in frame ? [frame.sessionId] : []));
    return {
      frames,
      started: () => of("session:started"),
      ended: () => of("session:ended"),
      lastSeq: () => frames.at(-1)!.seq,
      frame: (type: FeedFrame["type"], sessionId: string) =>
        untilDefined(
          () => frames.find((frame) => frame.type === type && "sessionId" in frame && frame.sessionId === sessionId),
          `${type} of ${sessionId}`,
        ),
      cutOff: async () => {
        socket.terminate();
        await until(() => socket.readyState === socket.CLOSED, "the socket to be closed");
      },
    };
  }

  it("answers who makes a session with all of it", async () => {
    const { id, startedAt, ...session } = await create();
    assert.deepEqual(session, {
      cwd: repo.path,
      hostname: hostname(),
      platform: process.platform,
      user: userInfo().username,
      chains: [],
      status: "pending",
    });
    assert.match(startedAt, /Z$/);
    assert.deepEqual((await curl(gateway, `/api/sessions/${id}`)).json, { id, startedAt, ...session });
    const list = (await curl(gateway, "/api/sessions")).json;
    assert.deepEqual(list, { sessions: [{ id, startedAt, ...session }], nextCursor: null });
    assert.equal((await curl(gateway, "/api/sessions/none")).status, 404);
  });

  it("tells another client of a session that one makes, without being asked", async () => {
    const [maker, other] = [await listen(), await listen()];
    const session = await create();
    for (const client of [maker, other]) {
      const frame = await client.frame("session:started", session.id);
      assert.ok("data" in frame);
      assert.deepEqual(frame.data, session);
      assert.match(frame.timestamp, /Z$/);
      assert.equal(client.frames[0]?.type, "ready");
    }
  });

  it("tells a client that was cut off everything it missed, once and in order", async () => {
    const client = await listen();
    const [first] = await createMany(1);
    await client.frame("session:started", first!);
    const since = client.lastSeq();
    await client.cutOff();
    const missed = await createMany(3);
    await curlPost(gateway, `/sessions/${missed[1]!}/end`);
    const again = await listen(since);
    await again.frame("session:ended", missed[1]!);
    assert.deepEqual(again.started(), missed);
    assert.deepEqual(again.ended(), [missed[1]]);
    const seqs = again.frames.map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      [...new Set(seqs)].toSorted((one, other) => one - other),
    );
    const [next] = await createMany(1);
    await again.frame("session:started", next!);
    assert.deepEqual(again.started(), [...missed, next]);
  });

  it("tells it also when the gateway was killed meanwhile", async () => {
    const client = await listen();
    const since = client.lastSeq();
    const missed = await createMany(2);
    await gateway.crash();
    await gateway.restart();
    const again = await listen(since);
    await again.frame("session:started", missed[1]!);
    assert.deepEqual(again.started(), missed);
  });

  it("tells all sessions anew when what was missed is not known", async () => {
    const [id] = await createMany(1);
    const client = await listen(1_000_000);
    await until(() => client.frames.at(-1)?.type === "ready", "the client to know everything");
    assert.deepEqual(
      client.frames.map(({ type }) => type),
      ["reset", "session:updated", "ready"],
    );
    await client.frame("session:updated", id!);
  });

  it("tells of sessions that others make, and of what is done in them", async () => {
    const client = await listen();
    const { id } = await gateway.createSession({ agent: "demo", args: ["--steps-ms", "5"] });
    await client.frame("session:started", id);
    const { id: made } = await create();
    const answer = await curlPost(gateway, "/agent/execute", { sessionId: made, task: "say hello" });
    assert.equal(answer.status, 200, answer.text);
    const done = await untilDefined(
      () =>
        client.frames.findLast((frame) => {
          return "data" in frame && frame.sessionId === made && frame.data.chains[0]?.status === "completed";
        }),
      "the chain to be completed",
    );
    assert.ok("data" in done);
    const [chain] = done.data.chains;
    assert.deepEqual([done.data.status, chain?.prompt], ["in_progress", "say hello"]);
    assert.notEqual(chain?.startedAt, null);
    assert.notEqual(chain?.endedAt, null);
  });

  it("speaks only its own frames, and the event stream only its own", async () => {
    const events = await gateway.client.socket("events");
    sockets.push(events);
    const types: unknown[] = [];
    events.on("message", (data) => types.push((JSON.parse((data as Buffer).toString("utf8")) as FeedFrame).type));
    const client = await listen();
    const { id } = await create();
    await client.frame("session:started", id);
    await until(() => types.includes("events"), "the event stream to tell of it");
    assert.deepEqual([...new Set(types)].toSorted(), ["events", "snapshot"]);
  });

  it("refuses to make too many sessions at once, and says when to try again", async () => {
    const headers = { authorization: `Bearer ${gateway.endpoint.token}`, "content-type": "application/json" };
    const request = { method: "POST", path: "/api/sessions", headers, body: JSON.stringify({ cwd: repo.path }) };
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(gateway.endpoint.url, request)));
    const made = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ code }) => code === "too-many-requests");
    assert.ok(made.length >= 20 && refused.length > 0 && made.length + refused.length === answers.length);
    assert.ok(refused.every(({ status, headers: told }) => status === 429 && told["retry-after"] === "1"));
    assert.equal(gateway.store((store) => store.sessions()).length, made.length);
  });

  it("makes no session in a folder that is none to work in, and leaves nothing of it", async () => {
    const refused: [what: string, cwd: () => unknown, status: number, code: string][] = [
      ["without a folder", () => undefined, 400, "invalid-request"],
      ["in an empty folder", () => "", 400, "invalid-request"],
      ["in a folder that is no text", () => 7, 400, "invalid-request"],
      ["in a relative folder", () => "src", 400, "invalid-request"],
      ["in a folder above", () => "..", 400, "invalid-request"],
      ["in a home folder that a shell would know", () => "~/shop", 400, "invalid-request"],
      ["in /etc", () => "/etc", 400, "system-folder"],
      ["in /etc/", () => "/etc/", 400, "system-folder"],
      ["in //etc", () => "//etc", 400, "system-folder"],
      ["in /", () => "/", 400, "system-folder"],
      ["in a folder of /etc that is not there", () => "/etc/none", 400, "system-folder"],
      ["in a way round to /etc", () => `${repo.path}/../../../../etc`, 400, "system-folder"],
      ["in a link to /etc", () => join(repo.path, "link"), 400, "system-folder"],
      ["behind a link to /etc", () => join(repo.path, "link", "ssl"), 400, "system-folder"],
      ["in /etc by way of a process", () => "/proc/self/root/etc", 400, "system-folder"],
      ["in C:\\Windows", () => "C:\\Windows", 400, "invalid-request"],
      ["in c:/windows/", () => "c:/windows/", 400, "invalid-request"],
      ["in \\\\?\\C:\\Windows", () => "\\\\?\\C:\\Windows", 400, "invalid-request"],
      ["in //?/C:/Windows", () => "//?/C:/Windows", 400, "system-folder"],
      ["in a folder that is not there", () => join(repo.path, "none"), 404, "folder-missing"],
      ["in a file", () => join(repo.path, "README.md"), 422, "not-a-folder"],
      ["in a folder with a NUL", () => `${repo.path}\0`, 404, "folder-missing"],
    ];
    await symlink("/etc", join(repo.path, "link"));
    const client = await listen();
    const files = () => readdirSync(gateway.home.root, { recursive: true }).map(String).toSorted();
    const before = { snapshot: await gateway.client.call("snapshot", {}), files: files() };
    for (const [what, cwd, status, code] of refused) {
      const { status: answered, json } = await post({ cwd: cwd() });
      assert.deepEqual([what, answered, (json as { code: string }).code], [what, status, code]);
    }
    assert.deepEqual({ snapshot: await gateway.client.call("snapshot", {}), files: files() }, before);
    assert.equal(client.frames.length, 1);
  });
});
