import assert from "node:assert/strict";
import { TallyError } from "../../../../src/protocol/errors.ts";
import { portEnvironment, PortLeases, type PortLeasesOptions } from "../../../../src/server/worktrees/ports.ts";

const backend = { name: "backend", from: 8000 };
const frontend = { name: "frontend", from: 5000 };

describe("the ports of a worktree", () => {
  /** What is leased so far, as the store would know it. */
  let leased: Set<number>;
  beforeEach(() => (leased = new Set()));

  function ports(options: Partial<PortLeasesOptions> & { busy?: readonly number[] } = {}): PortLeases {
    const { busy = [], ...others } = options;
    return new PortLeases({
      leased: () => leased,
      isFree: (port) => Promise.resolve(!busy.includes(port)),
      ephemeral: () => Promise.resolve({ from: 32_768, to: 60_999 }),
      ...others,
    });
  }

  const lease = (from: PortLeases, ...wanted: Parameters<PortLeases["lease"]>[0]) =>
    from.lease(wanted, (found) => {
      for (const { port } of found) leased.add(port);
      return found.map(({ port }) => port);
    });

  it("are the first ones, each from its base", async () => {
    assert.deepEqual(await lease(ports(), backend, frontend), [8000, 5000]);
  });

  it("are none that is leased, taken by another program, or another one's of the same worktree", async () => {
    leased.add(8000);
    assert.deepEqual(await lease(ports({ busy: [8001] }), backend, { name: "api", from: 8000 }), [8002, 8003]);
  });

  it("are distinct for ten worktrees that are added at once", async () => {
    const all = ports();
    const sets = await Promise.all(Array.from({ length: 10 }, () => lease(all, backend, frontend)));
    assert.deepEqual(
      sets,
      Array.from({ length: 10 }, (_, index) => [8000 + index, 5000 + index]),
    );
  });

  it("are looked for only once those before are kept", async () => {
    const all = ports();
    const order: string[] = [];
    await Promise.all([
      all.lease([backend], async () => {
        await Promise.resolve();
        order.push("kept");
      }),
      all.lease([backend], () => order.push("next")),
    ]);
    assert.deepEqual(order, ["kept", "next"]);
  });

  it("are outside of those that the system gives to connections", async () => {
    assert.deepEqual(
      await lease(ports(), { name: "high", from: 32_767 }, { name: "higher", from: 40_000 }),
      [32_767, 61_000],
    );
  });

  it("are found even where the system has all of them", async () => {
    const all = ports({ ephemeral: () => Promise.resolve({ from: 1024, to: 65_535 }) });
    assert.deepEqual(await lease(all, backend), [8000]);
  });

  it("are none that a browser refuses", async () => {
    assert.deepEqual(await lease(ports(), { name: "web", from: 5060 }), [5062]);
  });

  it("are those it had, wherever they can be had", async () => {
    const had = { name: "backend", from: 8000, preferred: 8007 };
    const other = { name: "api", from: 8007 };
    assert.deepEqual(await lease(ports(), other, had), [8008, 8007]);
    assert.deepEqual(await lease(ports(), had), [8000]);
  });

  it("are refused where none is free, and the next worktree still gets some", async () => {
    const all = ports({ isFree: (port) => Promise.resolve(port < 65_000) });
    await assert.rejects(
      lease(all, { name: "backend", from: 65_000 }),
      (error: unknown) =>
        error instanceof TallyError && error.code === "no-free-port" && /65000.*backend/.test(error.message),
    );
    assert.deepEqual(await lease(all, backend), [8000]);
  });

  it("are told in the environment", () => {
    const environment = portEnvironment([
      { name: "backend", port: 8000 },
      { name: "my-api", port: 9000 },
    ]);
    assert.deepEqual(environment, { TALLY_PORT_BACKEND: "8000", TALLY_PORT_MY_API: "9000" });
  });
});
