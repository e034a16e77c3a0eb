import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, connect, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { settingsSchema } from "../../../src/protocol/limits.ts";
import { agentRegistry } from "../../../src/server/agents/registry.ts";
import { personaRoutes } from "../../../src/server/http/persona-routes.ts";
import { Personas } from "../../../src/server/personas/personas.ts";
import { openDatabase } from "../../../src/server/store/database.ts";
import { Store } from "../../../src/server/store/store.ts";
import { aProject, aSession } from "../../support/entities.ts";
import { tempFolder } from "../../support/repositories.ts";

/** What a handler gets where its route takes nothing. */
const none = undefined as never;

describe("the routes of personas", () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let store: Store;
  let routes: ReturnType<typeof personaRoutes>;
  let server: Server;
  let client: Socket;

  beforeEach(async () => {
    folder = await tempFolder();
    store = new Store(openDatabase(join(folder.path, "state.db")), () => 0);
    const agents = agentRegistry({ demoEntry: "", execPath: "" });
    const personas = new Personas({ store, agents, settings: () => settingsSchema.parse({}) });
    routes = personaRoutes({ personas, store });
    await writeFile(join(folder.path, "tally.json"), '{"personas": [{"name": "review", "agent": "codex"}]}');
    server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    client = connect((server.address() as AddressInfo).port, "127.0.0.1");
    await once(client, "connect");
  });
  afterEach(async () => {
    client.destroy();
    server.close();
    store.close();
    await folder.dispose();
  });

  const { signal } = new AbortController();
  const list = async () => {
    const connection = { localPort: 0, remotePort: 0 };
    return routes.personas({ params: {}, body: none, query: { cwd: folder.path }, connection, signal });
  };
  const approve = async () => {
    const [persona] = (await list()).personas;
    const connection = { localPort: client.remotePort!, remotePort: client.localPort! };
    const body = { cwd: folder.path, name: "review", hash: persona!.hash };
    return routes.approvePersona({ params: {}, body, query: none, connection, signal });
  };

  it("let a person approve what they were shown", async () => {
    assert.deepEqual(await approve(), { persona: { ...(await list()).personas[0], isApproved: true } });
  });

  it("let no agent approve for the person", async () => {
    if (process.platform !== "linux") return;
    store.change((transaction) => {
      transaction.putProject(aProject(), { givenName: null });
      transaction.putSession(aSession({ pid: process.pid }));
    });
    await assert.rejects(approve(), { code: "inside-session" });
    assert.equal((await list()).personas[0]?.isApproved, false);
  });
});
