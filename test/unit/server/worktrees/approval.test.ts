import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { TallyError } from "../../../../src/protocol/errors.ts";
import { recipeOf, tallyJsonSchema } from "../../../../src/protocol/tally-json.ts";
import type { RepositoryCommands } from "../../../../src/protocol/worktree-routes.ts";
import { openDatabase } from "../../../../src/server/store/database.ts";
import { Store } from "../../../../src/server/store/store.ts";
import { Approvals, requireApproval } from "../../../../src/server/worktrees/approval.ts";
import { tempFolder } from "../../../support/repositories.ts";

const shop = { setup: ["npm ci"], processes: { web: { run: "npm start", env: { A: "1", B: "2" } } } };

describe("what a repository would run", () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let store: Store;
  let approvals: Approvals;

  beforeEach(async () => {
    folder = await tempFolder();
    store = new Store(openDatabase(join(folder.path, "state.db")), () => 0);
    approvals = new Approvals({ store });
  });
  afterEach(async () => {
    store.close();
    await folder.dispose();
  });

  const maybeCommands = (content: object, commonDir = "/shop/.git") =>
    approvals.commandsOf({ commonDir }, recipeOf(tallyJsonSchema.parse(content)), "/shop/tally.json");
  const commands = (content: object, commonDir?: string): RepositoryCommands => {
    const found = maybeCommands(content, commonDir);
    assert.ok(found);
    return found;
  };
  const refusal = (act: () => unknown): TallyError => {
    try {
      act();
    } catch (error) {
      assert.ok(error instanceof TallyError);
      return error;
    }
    assert.fail("it was not refused");
  };

  it("is nothing without commands, and needs no approval", () => {
    assert.equal(maybeCommands({ copy: [".env"], symlink: ["a"], ports: ["web"], prelude: "workon shop &&" }), null);
    requireApproval(null);
  });

  it("is refused until a person has approved it", () => {
    const asked = commands(shop);
    const error = refusal(() => requireApproval(asked));
    assert.equal(error.code, "approval-needed");
    assert.deepEqual(error.details, { commands: asked });
    approvals.approve(asked, asked.hash);
    requireApproval(commands(shop));
  });

  it("is approved once, for gateways to come too", () => {
    const asked = commands(shop);
    assert.equal(approvals.approve(asked, asked.hash).isApproved, true);
    approvals = new Approvals({ store });
    assert.equal(commands(shop).isApproved, true);
  });

  it("is the same in whatever order it is written", () => {
    const turned = { processes: { web: { env: { B: "2", A: "1" }, run: "npm start" } }, setup: [{ run: "npm ci" }] };
    assert.equal(commands(turned).hash, commands(shop).hash);
  });

  const others: readonly [what: string, content: object, commonDir?: string][] = [
    ["another line", { ...shop, setup: ["npm install"] }],
    ["another folder", { ...shop, setup: [{ run: "npm ci", cwd: "web" }] }],
    ["another variable", { ...shop, processes: { web: { run: "npm start", env: { A: "2", B: "2" } } } }],
    ["a prelude", { ...shop, prelude: "workon shop &&" }],
    ["a teardown", { ...shop, teardown: ["make clean"] }],
    ["another project", shop, "/fork/.git"],
  ];
  for (const [what, content, commonDir] of others) {
    it(`is something else with ${what}`, () => {
      const known = commands(shop);
      approvals.approve(known, known.hash);
      assert.equal(commands(content, commonDir).isApproved, false);
    });
  }

  it("is shown again when it is something else than what was seen", () => {
    const seen = commands(shop);
    const present = commands({ setup: ["rm -r /"] });
    const error = refusal(() => approvals.approve(present, seen.hash));
    assert.equal(error.code, "approval-needed");
    assert.deepEqual(error.details, { commands: present });
    assert.equal(approvals.isApproved(seen.hash), false);
  });
});
