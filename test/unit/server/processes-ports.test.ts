import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import type { Listening } from "../../../src/server/worktrees/processes/conclude-process.ts";
import { portHolder } from "../../../src/server/worktrees/processes/port-holder.ts";
import { answersOn, isTaken } from "../../../src/server/worktrees/processes/port-probe.ts";
import { PortWatch } from "../../../src/server/worktrees/processes/port-watch.ts";
import { until } from "../../support/until.ts";

describe("the port of a process", () => {
  let server: Server;
  const listen = async (host: string, port = 0): Promise<number> => {
    server = createServer((socket) => socket.destroy()).listen(port, host);
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const close = async () => {
    server.close();
    await once(server, "close");
  };
  afterEach(async () => {
    if (server.listening) await close();
  });

  for (const host of ["127.0.0.1", "0.0.0.0", "::"]) {
    it(`answers and is taken while somebody listens on ${host}`, async () => {
      const port = await listen(host);
      assert.deepEqual([await answersOn(port), await isTaken(port)], [true, true]);
      await close();
      assert.deepEqual([await answersOn(port), await isTaken(port)], [false, false]);
    });
  }

  it("is known with who holds it", async function () {
    if (process.platform !== "linux") this.skip();
    const holder = await portHolder(await listen("127.0.0.1"));
    assert.equal(holder?.pid, process.pid);
    await close();
  });

  it("is held by nobody when nobody listens", async () => {
    const port = await listen("127.0.0.1");
    await close();
    assert.equal(await portHolder(port), null);
  });

  describe("watched", () => {
    let now = 0;
    let looks: Listening[] = [];
    const watch = new PortWatch({ now: () => now, startTimeoutMs: 1_000, onLook: (_id, look) => looks.push(look) });
    beforeEach(() => {
      now = 0;
      looks = [];
    });
    afterEach(() => watch.stop());

    it("is looked at until it answers", async () => {
      const port = await listen("127.0.0.1");
      await close();
      watch.watch("process-1", port, false);
      await until(() => looks.length > 0, "a first look");
      await listen("127.0.0.1", port);
      await until(() => looks.at(-1)?.is === true, "an answer");
      assert.deepEqual(looks.at(-1), { is: true, was: false, isOverdue: false });
    });

    it("is overdue when it is silent for longer than a start may take", async () => {
      const port = await listen("127.0.0.1");
      await close();
      watch.watch("process-1", port, false);
      await until(() => looks.length > 0, "a first look");
      now = 1_000;
      await until(() => looks.at(-1)?.isOverdue === true, "a look after the time");
      assert.equal(looks[0]?.isOverdue, false);
    });
  });
});
