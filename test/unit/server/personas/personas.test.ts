import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { TallyError } from "../../../../src/protocol/errors.ts";
import { type Settings, settingsSchema } from "../../../../src/protocol/limits.ts";
import { agentRegistry } from "../../../../src/server/agents/registry.ts";
import { Personas } from "../../../../src/server/personas/personas.ts";
import { openDatabase } from "../../../../src/server/store/database.ts";
import { Store } from "../../../../src/server/store/store.ts";
import { git, tempRepo } from "../../../support/repositories.ts";

describe("personas", () => {
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  let store: Store;
  let settings: Settings;
  let personas: Personas;

  beforeEach(async () => {
    repo = await tempRepo("shop");
    store = new Store(openDatabase(join(repo.parent, "state.db")), () => 0);
    settings = settingsSchema.parse({});
    personas = aPersonas();
  });
  afterEach(async () => {
    store.close();
    await repo.dispose();
  });

  const aPersonas = () =>
    new Personas({ store, agents: agentRegistry({ demoEntry: "", execPath: "" }), settings: () => settings });
  const setPersonas = (...given: unknown[]) => (settings = settingsSchema.parse({ personas: given }));
  const writePersonas = (folder: string, ...given: unknown[]) =>
    writeFile(join(folder, "tally.json"), JSON.stringify({ personas: given }));
  const offered = async (name: string, cwd = repo.path) => {
    const found = (await personas.list(cwd)).personas.find((persona) => persona.name === name);
    assert.ok(found, `persona ${name}`);
    return found;
  };
  const approve = async (name: string, cwd = repo.path) => personas.approve(cwd, name, (await offered(name, cwd)).hash);
  const order = (fields: Partial<Parameters<Personas["apply"]>[0]> = {}) => ({
    args: [],
    env: { HOME: "/home/me" },
    cwd: repo.path,
    ...fields,
  });
  const refusal = async (applied: Promise<unknown>): Promise<TallyError> => {
    const error = await applied.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof TallyError, String(error));
    return error;
  };

  describe("that a launch can name", () => {
    it("are those of the settings, then those of the repository, which nobody has approved", async () => {
      setPersonas({ name: "work", agent: "claude" });
      await writePersonas(repo.path, { name: "review", agent: "codex" });
      const { personas: all, problem } = await personas.list(repo.path);
      assert.deepEqual(
        all.map(({ name, from, isApproved }) => [name, from, isApproved]),
        [
          ["work", "settings", true],
          ["review", "repository", false],
        ],
      );
      assert.equal(problem, null);
    });

    it("are the settings' own where the repository has one of the same name", async () => {
      setPersonas({ name: "work", agent: "claude" });
      await writePersonas(repo.path, { name: "work", agent: "codex" });
      const { personas: all } = await personas.list(repo.path);
      assert.deepEqual(
        all.map(({ agent, from }) => [agent, from]),
        [["claude", "settings"]],
      );
    });

    it("are found from a subfolder", async () => {
      await writePersonas(repo.path, { name: "review", agent: "codex" });
      await mkdir(join(repo.path, "src/deep"), { recursive: true });
      assert.equal((await offered("review", join(repo.path, "src/deep"))).from, "repository");
    });

    it("are those of the worktree that holds the folder", async () => {
      const linked = join(repo.parent, "feature");
      await git(repo.path, "worktree", "add", "-q", "-b", "feature", linked);
      await writePersonas(linked, { name: "review", agent: "codex" });
      assert.deepEqual((await personas.list(repo.path)).personas, []);
      assert.equal((await offered("review", linked)).agent, "codex");
    });

    it("are those of a folder outside of git", async () => {
      await writePersonas(repo.parent, { name: "review", agent: "codex" });
      assert.equal((await offered("review", repo.parent)).from, "repository");
    });

    it("are none of the repository's when its file is wrong, and it is said why and where", async () => {
      setPersonas({ name: "work", agent: "claude" });
      await writePersonas(repo.path, { name: "review", agent: "codex" }, { name: "no good", agent: "codex" });
      const { personas: all, problem } = await personas.list(repo.path);
      assert.deepEqual(
        all.map(({ name }) => name),
        ["work"],
      );
      assert.match(problem ?? "", /personas\[1\]\.name: Use letters, digits/);
      assert.ok(problem?.includes(repo.path));
    });

    it("are none of the repository's when its file is no file, or too large", async () => {
      await writeFile(join(repo.path, "tally.json"), " ".repeat(100_000));
      assert.match((await personas.list(repo.path)).problem ?? "", /64 kB/);
      await mkdir(join(repo.parent, "other/tally.json"), { recursive: true });
      assert.match((await personas.list(join(repo.parent, "other"))).problem ?? "", /not a file/);
    });
  });

  describe("of a repository", () => {
    const review = { name: "review", agent: "claude", args: ["--model", "opus"], env: { A: "1", B: "2" } };
    beforeEach(() => writePersonas(repo.path, review));

    it("start nothing before a person has approved them, and show what they say", async () => {
      const error = await refusal(personas.apply(order({ persona: "review" })));
      assert.equal(error.code, "approval-needed");
      assert.deepEqual(error.details, { persona: await offered("review") });
    });

    it("start once they are approved, also by the next gateway", async () => {
      assert.equal((await approve("review")).isApproved, true);
      personas = aPersonas();
      assert.equal((await personas.apply(order({ persona: "review" }))).agent, "claude");
    });

    it("are approved in all worktrees of the project", async () => {
      await approve("review");
      const linked = join(repo.parent, "feature");
      await git(repo.path, "worktree", "add", "-q", "-b", "feature", linked);
      await writePersonas(linked, { ...review, env: { B: "2", A: "1" } });
      assert.equal((await offered("review", linked)).isApproved, true);
    });

    it("need to be approved again in another repository, though they say the same", async () => {
      await approve("review");
      const other = join(repo.parent, "other");
      await git(repo.parent, "init", "-q", other);
      await writePersonas(other, review);
      assert.equal((await offered("review", other)).isApproved, false);
    });

    const changes: readonly [what: string, Record<string, unknown>][] = [
      ["name", { name: "review2" }],
      ["agent", { agent: "codex" }],
      ["configHome", { configHome: "./config" }],
      ["arguments", { args: ["opus", "--model"] }],
      ["environment", { env: { A: "1", B: "2", PATH: "/tmp" } }],
    ];
    for (const [what, change] of changes) {
      it(`need to be approved again when their ${what} changes`, async () => {
        await approve("review");
        const changed = { ...review, ...change };
        await writePersonas(repo.path, changed);
        assert.equal((await offered(changed.name)).isApproved, false);
      });
    }

    it("are not approved by the hash of what they said before", async () => {
      const { hash } = await offered("review");
      await writePersonas(repo.path, { ...review, args: ["--dangerously"] });
      const error = await refusal(personas.approve(repo.path, "review", hash));
      assert.equal(error.code, "approval-needed");
      assert.deepEqual(error.details, { persona: await offered("review") });
      assert.equal((await offered("review")).isApproved, false);
    });
  });

  describe("make a launch", () => {
    it("with their arguments first and their environment on top", async () => {
      setPersonas({ name: "work", agent: "claude", args: ["--model", "opus"], env: { A: "persona" } });
      const applied = await personas.apply(
        order({ persona: "work", args: ["hello"], env: { A: "order", B: "order" } }),
      );
      assert.deepEqual(applied, {
        agent: "claude",
        persona: "work",
        args: ["--model", "opus", "hello"],
        env: { A: "persona", B: "order" },
        cwd: repo.path,
      });
    });

    it("in their config home", async () => {
      setPersonas(
        { name: "absolute", agent: "codex", configHome: "/srv/codex" },
        { name: "of-home", agent: "codex", configHome: "~/.codex-work" },
      );
      const home = async (persona: string) => (await personas.apply(order({ persona }))).env["CODEX_HOME"];
      assert.equal(await home("absolute"), "/srv/codex");
      assert.equal(await home("of-home"), "/home/me/.codex-work");
    });

    it("in a config home of the repository, from any of its folders", async () => {
      await writePersonas(repo.path, { name: "review", agent: "codex", configHome: ".agents/codex" });
      await approve("review");
      await mkdir(join(repo.path, "src"));
      const { env } = await personas.apply(order({ persona: "review", cwd: join(repo.path, "src") }));
      assert.equal(env["CODEX_HOME"], join(repo.path, ".agents/codex"));
    });

    it("of the agent alone when none is named", async () => {
      const plain = order({ agent: "codex", args: ["hello"] });
      assert.deepEqual(await personas.apply(plain), plain);
    });
  });

  describe("are refused", () => {
    const refused: readonly [why: string, fields: Parameters<typeof order>[0], code: string, message: RegExp][] = [
      ["without an agent and a persona", {}, "invalid-request", /agent or a persona/],
      ["when there is none of that name", { persona: "wrok" }, "persona-not-found", /There are: work, relative/],
      ["with another agent", { persona: "work", agent: "codex" }, "invalid-request", /starts claude, not codex/],
      ["with a relative config home of the settings", { persona: "relative" }, "invalid-request", /absolute/],
      ["with a variable of ours", { persona: "ours" }, "invalid-request", /Tally_Home/],
      ["with a config home that their agent has none of", { persona: "any" }, "invalid-request", /agent command/],
      ["with an agent that nobody knows", { persona: "unknown" }, "agent-unknown", /no agent "robot"/],
    ];
    for (const [why, fields, code, message] of refused) {
      it(why, async () => {
        setPersonas(
          { name: "work", agent: "claude" },
          { name: "relative", agent: "claude", configHome: "config" },
          { name: "ours", agent: "claude", env: { Tally_Home: "/tmp" } },
          { name: "any", agent: "command", configHome: "/srv" },
          { name: "unknown", agent: "robot" },
        );
        const error = await refusal(personas.apply(order(fields)));
        assert.equal(error.code, code);
        assert.match(error.message, message);
      });
    }

    it("before anybody is asked to approve what can never be started", async () => {
      await writePersonas(repo.path, { name: "review", agent: "opencode", configHome: "config" });
      assert.equal((await refusal(personas.apply(order({ persona: "review" })))).code, "invalid-request");
    });

    it("with what is wrong in the repository's file, when the name may be there", async () => {
      await writeFile(join(repo.path, "tally.json"), "{");
      assert.match((await refusal(personas.apply(order({ persona: "review" })))).message, /tally\.json is not JSON/);
    });
  });
});
