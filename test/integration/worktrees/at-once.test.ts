import assert from "node:assert/strict";
import { testHome, type TestHome } from "../../support/gateway.ts";
import { git } from "../../support/repositories.ts";
import { contentsOf, type SampleRepository, sampleRepository, untilAnswers } from "../../support/sample-repository.ts";
import { type TallyThere, tallyIn, tracesOf } from "../../support/worktrees.ts";

const names = Array.from({ length: 10 }, (_, index) => `feature-${index}`);

describe("ten worktrees that are added at once", () => {
  let place: TestHome;
  let shop: SampleRepository;
  let tally: TallyThere;
  let untouched: Record<string, string>;
  before(async () => {
    place = await testHome();
    shop = await sampleRepository({ worktrees: names.length });
    tally = tallyIn({ env: place.env, cwd: shop.path });
    untouched = await contentsOf(shop.path);
    await Promise.all(names.map((name) => tally("add", name, "--no-agent", "--trust")));
  });
  after(async () => {
    await place.dispose();
    await shop[Symbol.asyncDispose]();
  });

  it("are all whole", async () => {
    const { worktrees } = await tally.listed();
    assert.deepEqual(worktrees.map(({ name }) => name).toSorted(), names);
    for (const { name, path, branch, status } of worktrees) {
      assert.deepEqual([branch, status], [name, "ready"]);
      assert.equal(await git(path, "status", "--porcelain"), "", name);
    }
  });

  it("have ports of their own, as close to the bases as can be", async () => {
    const { worktrees } = await tally.listed();
    const taken = worktrees.flatMap(({ ports }) => ports.map(({ port }) => port)).toSorted((a, b) => a - b);
    const { backend, frontend } = shop.bases;
    const wanted = names.flatMap((_, index) => [backend + index, frontend + index]);
    assert.deepEqual(
      taken,
      wanted.toSorted((a, b) => a - b),
    );
  });

  it("each answer on theirs", async () => {
    const { worktrees } = await tally.listed();
    for (const { path, ports } of worktrees) {
      const told = await Promise.all(ports.map(({ port }) => untilAnswers(port)));
      assert.deepEqual(
        told.map(({ server, cwd }) => [server, cwd]),
        ports.map(({ name }) => [name, `${path}/${name}`]),
      );
    }
  });

  it("are removed at once, without a trace", async () => {
    await Promise.all(names.map((name) => tally("remove", name)));
    assert.deepEqual(await tracesOf(shop), []);
    assert.deepEqual((await shop.tornDown()).toSorted(), names);
    assert.deepEqual(await contentsOf(shop.path), untouched);
  });
});

describe("a name that is added twice at once", () => {
  it("is one worktree, and the other add says that it exists", async () => {
    const place = await testHome();
    await using shop = await sampleRepository();
    try {
      const tally = tallyIn({ env: place.env, cwd: shop.path });
      const added = await Promise.allSettled([1, 2].map(() => tally("add", "twin", "--no-agent", "--trust")));
      assert.deepEqual(added.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
      assert.equal((await tally.worktree("twin")).status, "ready");
    } finally {
      await place.dispose();
    }
  });
});
