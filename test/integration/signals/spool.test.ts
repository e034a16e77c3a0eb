import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hookLines } from "../../../src/server/signals/hook-lines.ts";
import { Spool, type SpooledHook } from "../../../src/server/signals/spool.ts";
import { until } from "../../support/until.ts";
import { runHook, startHook } from "./hook-process.ts";

describe("The spool", () => {
  let root: string;
  let folder: string;
  let spools: Spool[];
  let hooks: SpooledHook[];
  let gone: string[];
  let warnings: string[];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tally-spool-"));
    folder = join(root, "spool");
    [spools, hooks, gone, warnings] = [[], [], [], []];
    writeFileSync(join(root, "gateway.pid"), String(process.pid));
  });
  afterEach(async () => {
    await Promise.all(spools.map((spool) => spool.stop()));
    rmSync(root, { recursive: true });
  });

  const open = async (onHook: (hook: SpooledHook) => void = (hook) => void hooks.push(hook), now = Date.now) => {
    const spool = new Spool({
      folder,
      log: { warn: (message, fields) => void warnings.push(`${message}: ${JSON.stringify(fields)}`) },
      now,
      onHook,
      onAskGone: (askId) => void gone.push(askId),
    });
    spools.push(spool);
    await spool.start();
    return spool;
  };
  const lines = (sessionId = "claude-1-abc") => {
    return hookLines({ spoolFolder: folder, gatewayPidFile: join(root, "gateway.pid"), sessionId })!;
  };
  const put = (name: string, content: string, at = Date.now()) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), content);
    utimesSync(join(folder, name), at / 1000, at / 1000);
  };
  const waiting = () => readdirSync(folder).filter((name) => name !== "rejected");
  const payloads = () => hooks.map(({ payload }) => payload);
  const delivered = (count: number) => until(() => hooks.length >= count, `${count} hooks`);
  const isEmptied = () =>
    until(
      () => waiting().length === 0,
      "the spool to be empty",
      10_000,
      () => waiting().join(),
    );
  const pidOfTheDead = async () => {
    const dead = startHook("exit 0", "");
    await dead.ended;
    return dead.pid;
  };

  describe("a report", () => {
    it("arrives with its session, channel, agent and payload, and is then deleted", async () => {
      await open();
      await runHook(lines().report("Stop"), '{"what":"ünï"}');
      await delivered(1);
      const { at, ...hook } = hooks[0]!;
      assert.deepEqual(hook, {
        sessionId: "claude-1-abc",
        channel: "Stop",
        payload: { what: "ünï" },
        agentPid: process.pid,
        ask: null,
      });
      await isEmptied();
    });

    it("carries the time when it was written", async () => {
      put("s~c~1~2.json", "{}", 1_700_000_000_000);
      await open();
      assert.equal(hooks[0]?.at, 1_700_000_000_000);
    });

    it("without a payload carries null", async () => {
      await open();
      await runHook(lines().report("Stop"), "");
      await delivered(1);
      assert.deepEqual(payloads(), [null]);
    });

    it("arrives once, of 50 at once", async () => {
      await open();
      const numbers = Array.from({ length: 50 }, (_, number) => number);
      await Promise.all(numbers.map((number) => runHook(lines().report("Stop"), JSON.stringify(number))));
      await isEmptied();
      assert.deepEqual(
        payloads()
          .map(Number)
          .toSorted((one, other) => one - other),
        numbers,
      );
    });

    it("of megabytes arrives whole", async () => {
      await open();
      const text = "x".repeat(5 * 1024 * 1024);
      await runHook(lines().report("Stop"), JSON.stringify(text));
      await delivered(1);
      assert.deepEqual(payloads(), [text]);
    });

    it("arrives when the folder was removed and made again", async () => {
      await open();
      rmSync(folder, { recursive: true });
      await until(() => existsSync(folder), "the folder");
      await runHook(lines().report("Stop"), "1");
      await delivered(1);
    });
  });

  describe("what waited while no gateway ran", () => {
    it("is taken by the time it has started, oldest first", async () => {
      put("s~c~1~30.json", "3", 3_000);
      put("s~c~1~20.json", "1", 1_000);
      put("s~c~1~10.json", "2", 2_000);
      await open();
      assert.deepEqual(payloads(), [1, 2, 3]);
    });

    it("comes in the order of the processes where the clock cannot tell", async () => {
      for (const pid of [1000, 9, 10]) put(`s~c~1~${pid}.json`, String(pid), 5_000);
      await open();
      assert.deepEqual(payloads(), [9, 10, 1000]);
    });

    it("comes again when the last gateway went down before it was done with it", async () => {
      put("s~c~1~2.json", "1");
      await open(() => {
        throw new Error("the disk is full");
      });
      assert.deepEqual(waiting(), ["s~c~1~2.json"]);
      await open();
      assert.deepEqual(payloads(), [1]);
      assert.deepEqual(waiting(), []);
    });
  });

  it("is its owner's alone", async () => {
    await open();
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it("delivers nothing once it is stopped", async () => {
    const spool = await open();
    await spool.stop();
    await runHook(lines().report("Stop"), "1");
    assert.equal(waiting().length, 1);
    await open();
    assert.deepEqual(payloads(), [1]);
  });

  describe("a question", () => {
    const ask = async (spool: Spool) => {
      const hook = startHook(lines().ask("PermissionRequest"), '{"tool":"Bash"}');
      await delivered(hooks.length + 1);
      const askId = hooks.at(-1)?.ask?.id ?? "";
      assert.ok(spool.isAsking(askId));
      return { hook, askId };
    };

    it("gets its answer, every letter of it", async () => {
      const spool = await open();
      const { hook, askId } = await ask(spool);
      assert.equal(await spool.reply(askId, '{"behavior":"allow","why":"日本"}\n'), true);
      assert.equal((await hook.ended).stdout.toString(), '{"behavior":"allow","why":"日本"}\n');
      assert.deepEqual(
        { asking: spool.isAsking(askId), waiting: waiting(), gone },
        { asking: false, waiting: [], gone: [] },
      );
    });

    it("is let go without an answer", async () => {
      const spool = await open();
      const { hook, askId } = await ask(spool);
      assert.equal(await spool.release(askId), true);
      assert.deepEqual(await hook.ended, { stdout: Buffer.alloc(0), stderr: "", exitCode: 0, signal: null });
      assert.deepEqual({ waiting: waiting(), gone }, { waiting: [], gone: [] });
    });

    it("is answered once, whoever is second", async () => {
      const spool = await open();
      const { hook, askId } = await ask(spool);
      assert.deepEqual(await Promise.all([spool.reply(askId, "first"), spool.reply(askId, "second")]), [true, false]);
      assert.equal((await hook.ended).stdout.toString(), "first");
    });

    it("is told to be gone when the agent takes it back", async () => {
      const spool = await open();
      const { hook, askId } = await ask(spool);
      hook.signal("SIGTERM");
      await until(() => gone.length > 0, "the question to be gone");
      assert.deepEqual(gone, [askId]);
      assert.equal(await spool.reply(askId, "too late"), false);
      await hook.ended;
      assert.deepEqual(waiting(), []);
    });

    it("is told to be gone when its hook is killed", async () => {
      const spool = await open();
      const { hook, askId } = await ask(spool);
      hook.signal("SIGKILL");
      await hook.ended;
      await until(() => gone.length > 0, "the question to be gone");
      assert.deepEqual({ gone, waiting: waiting() }, { gone: [askId], waiting: [] });
    });

    it("of a hook that was killed takes no answer, and is gone at once", async () => {
      const spool = await open();
      const { hook, askId } = await ask(spool);
      hook.signal("SIGKILL");
      await hook.ended;
      assert.equal(await spool.reply(askId, "too late"), false);
      assert.deepEqual({ gone, waiting: waiting() }, { gone: [askId], waiting: [] });
    });

    it("comes again to the next gateway, which can answer it", async () => {
      const spool = await open();
      const { hook, askId } = await ask(spool);
      await spool.stop();
      const next = await open();
      assert.deepEqual(
        hooks.map((each) => each.ask?.id),
        [askId, askId],
      );
      assert.equal(await next.reply(askId, "yes"), true);
      assert.equal((await hook.ended).stdout.toString(), "yes");
    });

    it("whose hook died while no gateway ran is told, and told to be gone", async () => {
      put(`s~c~1~${await pidOfTheDead()}.ask`, "1");
      await open();
      assert.deepEqual({ payloads: payloads(), gone }, { payloads: [1], gone: [hooks[0]?.ask?.id] });
      assert.deepEqual(waiting(), []);
    });

    it("that was taken back while no gateway ran is told, and told to be gone", async () => {
      put("s~c~1~2.ask.gone", "1");
      await open();
      assert.deepEqual({ payloads: payloads(), gone }, { payloads: [1], gone: ["s~c~1~2"] });
      assert.deepEqual(waiting(), []);
    });

    it("is let go when it cannot be taken", async () => {
      await open(() => {
        throw new Error("the disk is full");
      });
      const end = await runHook(lines().ask("PermissionRequest"), "{}");
      assert.deepEqual(end, { stdout: Buffer.alloc(0), stderr: "", exitCode: 0, signal: null });
    });

    it("is let go with its session, and nobody else's", async () => {
      const spool = await open();
      const { hook, askId } = await ask(spool);
      const other = startHook(lines("other").ask("PermissionRequest"), "{}");
      await delivered(2);
      await spool.forget("claude-1-abc");
      assert.equal((await hook.ended).stdout.length, 0);
      assert.deepEqual(
        { gone, asking: [spool.isAsking(askId), spool.isAsking(hooks[1]!.ask!.id)] },
        { gone: [], asking: [false, true] },
      );
      await spool.forget("other");
      await other.ended;
    });
  });

  describe("a file that is not a hook's", () => {
    const isRefused = async (name: string, why: RegExp) => {
      await open();
      assert.deepEqual({ waiting: waiting(), hooks }, { waiting: [], hooks: [] });
      assert.deepEqual(readdirSync(join(folder, "rejected")), [name]);
      assert.match(warnings.join("\n"), why);
    };

    it("is set aside when it is no JSON, and what it says is not logged", async () => {
      put("s~c~1~2.json", "{secret");
      await isRefused("s~c~1~2.json", /no JSON/u);
      assert.doesNotMatch(warnings.join("\n"), /secret/u);
    });

    it("is set aside when it is too large", async () => {
      put("s~c~1~2.json", `"${"x".repeat(16 * 1024 * 1024)}"`);
      await isRefused("s~c~1~2.json", /larger/u);
    });

    it("is set aside when its name is none", async () => {
      put("notes.txt", "{}");
      await isRefused("notes.txt", /name/u);
    });

    it("is set aside unread when it is a link", async () => {
      put("../target", "{}");
      symlinkSync("../target", join(folder, "s~c~1~2.json"));
      await isRefused("s~c~1~2.json", /ELOOP/u);
      assert.ok(existsSync(join(root, "target")));
    });

    it("is set aside when it is a folder", async () => {
      mkdirSync(join(folder, "s~c~1~2.json"), { recursive: true });
      await isRefused("s~c~1~2.json", /no file/u);
    });

    it("holds nothing else up", async () => {
      put("s~c~1~2.json", "{", 1_000);
      put("s~c~1~3.json", "1", 2_000);
      await open();
      assert.deepEqual(payloads(), [1]);
    });

    it("is kept only as long as there are few", async () => {
      for (let number = 0; number < 30; number++) put(`s~c~1~${number}.json`, "{", number * 1_000);
      await open();
      assert.equal(readdirSync(join(folder, "rejected")).length, 20);
    });
  });

  describe("what a killed process left", () => {
    const anHour = 60 * 60_000;

    it("is removed: a reply that nobody fetched", async () => {
      put(`s~c~1~${await pidOfTheDead()}.ask.reply`, "yes");
      await open();
      assert.deepEqual(waiting(), []);
    });

    it("is removed: a payload half written, once it is old", async () => {
      put(`.s~c~1~${await pidOfTheDead()}.tmp`, "{");
      await open();
      assert.equal(waiting().length, 1);
      await open(undefined, () => Date.now() + anHour);
      assert.deepEqual(waiting(), []);
    });

    it("is not mistaken for what a living one still writes", async () => {
      put(`.s~c~1~${process.pid}.tmp`, "{");
      await open(undefined, () => Date.now() + anHour);
      assert.equal(waiting().length, 1);
    });
  });
});
