import assert from "node:assert/strict";
import type { Worktree } from "../../../src/protocol/entities.ts";
import { TallyError } from "../../../src/protocol/errors.ts";
import type { PruneCandidate } from "../../../src/protocol/worktree-routes.ts";
import type { SnapshotInfo } from "../../../src/protocol/worktrees.ts";
import { aWorktree } from "../../support/entities.ts";
import { type ScriptedGateway, startScriptedGateway } from "./scripted-gateway.ts";
import { aStep, later, type TypingPlace, typingPlace, underWay } from "./worktree-script.ts";

const DAY_MS = 86_400_000;
const pay = aWorktree({ id: "w1", name: "pay", branch: "pay", path: "/home/me/shop-pay" });
const branch = { name: "pay", isDeleted: true, why: "It is merged into main." };
const snapshotRef = "refs/tally/snapshots/shop-pay/20261101-100000";

const snapshot = (fields: Partial<SnapshotInfo> = {}): SnapshotInfo => ({
  ref: snapshotRef,
  name: "pay",
  branch: "pay",
  head: "abc",
  path: "/home/me/shop-pay",
  takenAt: Date.now() - 3 * DAY_MS,
  files: 2,
  bytes: 1_000,
  leftOut: [],
  ...fields,
});

const candidate = (worktree: Worktree, isSafe: boolean): PruneCandidate => ({
  worktree,
  sizeBytes: 1_000,
  changedAt: Date.now(),
  isMerged: isSafe,
  hasLiveSessions: false,
  isMissing: false,
  isSafe,
  why: isSafe ? "Its work is in main." : "It has commits that are nowhere else.",
});

describe("removing and bringing back worktrees", () => {
  let here: TypingPlace;
  before(async () => {
    here = await typingPlace();
  });
  after(() => here[Symbol.asyncDispose]());

  const out = async (gateway: ScriptedGateway, ...args: string[]) =>
    (await here.run(gateway, ...args)).stdout.toString("utf8");

  /** A gateway that removes what it is told to, and brings it back. */
  async function removing(...worktrees: Worktree[]) {
    const gateway: ScriptedGateway = await startScriptedGateway(
      { state: "DONE", endedAt: 1 },
      {
        worktrees,
        handlers: {
          removeWorktree: (body, id) => {
            const steps = [aStep({ id: "snapshot", label: "Take a snapshot", state: "done" })];
            const begun = underWay(body, { ...pay, id, status: "removing" }, { kind: "remove", steps });
            gateway.changeWorktree(begun);
            setImmediate(() => gateway.removeWorktree(id));
            return { worktree: begun, snapshotRef, branch };
          },
          removeSession: () => ({}),
          snapshots: () => ({ snapshots: [snapshot(), snapshot({ ref: "old", takenAt: Date.now() - 40 * DAY_MS })] }),
          dropSnapshot: () => ({}),
          pruneCandidates: () => ({
            candidates: worktrees.map((each) => candidate(each, each.name !== "busy")),
            snapshots: [snapshot({ takenAt: Date.now() - 40 * DAY_MS })],
          }),
          restoreWorktree: (body) => {
            const { ref } = body as { ref: string };
            if (ref !== "pay" && ref !== snapshotRef)
              throw new TallyError("snapshot-not-found", `There is no snapshot ${ref}.`);
            const begun = underWay(body, { ...pay, status: "adding" }, { kind: "restore" });
            gateway.changeWorktree(begun);
            setImmediate(() => gateway.changeWorktree(later(begun, { status: "ready" }, { state: "done" })));
            return { worktree: begun };
          },
        },
      },
    );
    return gateway;
  }

  describe("tally remove", () => {
    it("says what went, what became of its branch and why, and how it comes back", async () => {
      await using gateway = await removing(pay);
      const { exitCode, stderr } = await here.run(gateway, "remove", "pay", "--keep-branch", "--no-teardown");
      assert.deepEqual(
        [exitCode, stderr],
        [
          0,
          "✓ Take a snapshot\nRemoved pay and branch pay. It is merged into main. Bring it back with: tally restore pay\n",
        ],
      );
      const [body] = gateway.heard("removeWorktree") as Record<string, unknown>[];
      assert.deepEqual([body?.["keepBranch"], body?.["force"], body?.["skipCommands"]], [true, false, true]);
    });

    it("prints that as JSON", async () => {
      await using gateway = await removing(pay);
      assert.deepEqual(JSON.parse(await out(gateway, "remove", "pay", "--json")), { name: "pay", snapshotRef, branch });
    });

    it("lists the work that would be lost, and both ways on", async () => {
      const risk = { uncommitted: ["src/cart.ts"], untracked: [], unpushed: ["abc1234 Pay"], underWay: null };
      const removeWorktree = () => {
        throw new TallyError("work-at-risk", "pay has 1 file. Remove it with: tally remove pay --force", { risk });
      };
      await using gateway = await startScriptedGateway({}, { worktrees: [pay], handlers: { removeWorktree } });
      const { exitCode, stderr } = await here.run(gateway, "remove", "pay");
      assert.equal(exitCode, 1);
      assert.equal(
        stderr,
        [
          "tally remove: pay holds work that is nowhere else.",
          "Not committed: 1 file",
          "  │ src/cart.ts",
          "On no remote and no other branch: 1 commit",
          "  │ abc1234 Pay",
          "",
          "Keep it as a snapshot and remove:  tally remove pay --force",
          "Commit and push it yourself:       cd /home/me/shop-pay",
          "",
        ].join("\n"),
      );
    });

    it("says what to do about one that failed", async () => {
      await using gateway: ScriptedGateway = await startScriptedGateway(
        {},
        {
          worktrees: [pay],
          handlers: {
            removeWorktree: (body) => {
              const begun = underWay(body, { ...pay, status: "removing" }, { kind: "remove" });
              const error = { code: "setup-failed", message: "dropdb shop ended with exit code 1." };
              setImmediate(() =>
                gateway.changeWorktree(later(begun, { status: "broken" }, { state: "failed", error })),
              );
              return { worktree: begun, snapshotRef, branch };
            },
          },
        },
      );
      const { exitCode, stderr } = await here.run(gateway, "remove", "pay");
      assert.equal(exitCode, 1);
      assert.match(
        stderr,
        /^tally remove: dropdb shop ended with exit code 1\.\nGo on with it: +tally repair pay --finish$/m,
      );
    });

    it("says at Ctrl-C that the worktree stays, and how to start what it has ended", async () => {
      await using gateway: ScriptedGateway = await startScriptedGateway(
        {},
        {
          worktrees: [pay],
          handlers: {
            removeWorktree: (body) => {
              const steps = [aStep({ id: "end", label: "End what runs in it", state: "done" })];
              const begun = underWay(body, { ...pay, status: "removing" }, { kind: "remove", steps });
              gateway.changeWorktree(begun);
              return { worktree: begun, snapshotRef, branch };
            },
            cancelWorktree: () => {
              const steps = [aStep({ id: "end", label: "End what runs in it", state: "done" })];
              const cancelled = { kind: "remove", state: "cancelled", steps } as const;
              const stays = underWay(gateway.heard("removeWorktree")[0], { ...pay, status: "ready" }, cancelled);
              gateway.changeWorktree(stays);
              return { worktree: stays };
            },
          },
        },
      );
      using terminal = here.inTerminal(gateway, ["remove", "pay"]);
      await terminal.screen.untilShows("✓ End what runs in it");
      terminal.type("\x03");
      assert.equal((await terminal.exited).exitCode, 130);
      await terminal.screen.untilShows(/Cancelled\. pay stays\.\nStart what ran in it: {2}tally resume pay$/m);
    });

    it("forgets a session where no worktree has that name", async () => {
      await using gateway = await removing();
      const { exitCode, stderr } = await here.run(gateway, "remove", "session1");
      assert.deepEqual([exitCode, stderr], [0, "Removed session1 (Fix the cart).\n"]);
    });

    it("leaves alone a worktree that only has a session in it", async () => {
      await using gateway = await removing(aWorktree({ ...pay, status: "seen" }));
      assert.equal((await here.run(gateway, "remove", "pay")).stderr, "Removed session1 (Fix the cart).\n");
      assert.equal((await here.run(gateway, "remove", "pay", "--force")).exitCode, 2);
    });

    it("says so when there is neither", async () => {
      const resolveSession = () => {
        throw new TallyError("session-not-found", "There is none.");
      };
      await using gateway = await startScriptedGateway({}, { handlers: { resolveSession } });
      const { exitCode, stderr } = await here.run(gateway, "remove", "nosuch");
      assert.equal(exitCode, 1);
      assert.match(stderr, /neither a worktree nor a session called "nosuch"\. See what there is: tally list --all$/m);
    });

    it("says which worktree was meant by a mistyped name", async () => {
      const resolveSession = () => {
        throw new TallyError("session-not-found", "There is no such session.");
      };
      await using gateway = await startScriptedGateway({}, { worktrees: [pay], handlers: { resolveSession } });
      assert.match((await here.run(gateway, "remove", "pya")).stderr, /"pya"\. Did you mean: pay\?$/m);
      assert.match((await here.run(gateway, "path", "pya")).stderr, /no worktree "pya"\.\nDid you mean: pay\?$/m);
    });
  });

  describe("tally restore", () => {
    it("lists what can come back, without a name", async () => {
      await using gateway = await removing();
      assert.match(await out(gateway, "restore"), /^NAME .*\npay +pay +3d +2 +1\.0 kB +shop-pay\/\d+/);
      assert.equal((JSON.parse(await out(gateway, "restore", "--list", "--json")) as unknown[]).length, 2);
    });

    it("brings the worktree back, and says where it is", async () => {
      await using gateway = await removing();
      const { exitCode, stdout } = await here.run(gateway, "restore", "pay");
      assert.equal(exitCode, 0);
      assert.match(stdout.toString("utf8"), /^folder +\/home\/me\/shop-pay$/m);
      assert.equal((gateway.heard("restoreWorktree")[0] as { ref: string }).ref, "pay");
    });
  });

  describe("tally restore, of what is typed from its list", () => {
    it("takes a ref as it stands there", async () => {
      await using gateway = await removing();
      assert.equal((await here.run(gateway, "restore", "shop-pay/20261101-100000")).exitCode, 0);
      assert.equal((gateway.heard("restoreWorktree")[0] as { ref: string }).ref, snapshotRef);
    });

    it("says which name or ref was meant by a mistyped one", async () => {
      await using gateway = await removing();
      const problem = async (ref: string) => (await here.run(gateway, "restore", ref)).stderr;
      assert.match(await problem("pya"), /There is no snapshot pya\.\nDid you mean: pay\?$/m);
      assert.match(
        await problem("shop-pay/20261101-100001"),
        /There is no snapshot .*\.\nDid you mean: shop-pay\/20261101-100000\?$/m,
      );
    });
  });

  describe("tally prune", () => {
    const busy = aWorktree({ id: "w2", name: "busy" });

    it("removes nothing where nobody can be asked, and lists what is safe and what is not", async () => {
      await using gateway = await removing(busy, pay);
      const { exitCode, stdout, stderr } = await here.run(gateway, "prune");
      assert.deepEqual([exitCode, gateway.heard("removeWorktree")], [0, []]);
      assert.match(stdout.toString("utf8"), /^✓ +pay .*\n– +busy /m);
      assert.match(stderr, /^1 snapshot is older than 30 days\. Forget it with: tally prune --snapshots 30d$/m);
      assert.match(stderr, /say --yes, or run it in a terminal/);
    });

    it("removes what is safe with --yes, and nothing else", async () => {
      await using gateway = await removing(busy, pay);
      const { exitCode, stderr } = await here.run(gateway, "prune", "--yes");
      assert.deepEqual([exitCode, gateway.heard("removeWorktree").length], [0, 1]);
      assert.match(stderr, /^Removed pay and branch pay\./m);
    });

    it("asks at a terminal", async () => {
      await using gateway = await removing(pay);
      using terminal = here.inTerminal(gateway, ["prune"]);
      await terminal.screen.untilShows("Remove 1 worktree marked ✓");
      terminal.type("y\r");
      assert.equal((await terminal.exited).exitCode, 0);
      assert.equal(gateway.heard("removeWorktree").length, 1);
    });

    it("removes nothing with --dry-run", async () => {
      await using gateway = await removing(pay);
      const swept = JSON.parse(await out(gateway, "prune", "--dry-run", "--json")) as Record<string, unknown[]>;
      assert.deepEqual([swept["candidates"]?.length, swept["removed"]], [1, []]);
      assert.deepEqual(gateway.heard("removeWorktree"), []);
    });

    it("forgets snapshots of an age, and no younger ones", async () => {
      await using gateway = await removing();
      const { stderr } = await here.run(gateway, "prune", "--snapshots", "30d", "--yes");
      assert.equal(stderr, "Forgot 1 snapshot.\n");
      assert.deepEqual(gateway.heard("dropSnapshot"), [{ cwd: here.cwd, ref: "old" }]);
      assert.equal((await here.run(gateway, "prune", "--snapshots", "old")).exitCode, 2);
    });
  });
});
